"""A stand-in for the process that reads pages: it reads a page and never responds."""

import time

if __name__ == "__main__":
    print(flush=True)
    time.sleep(60)
