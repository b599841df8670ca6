"""A process in the place of the one that reads pages: it takes a page in, and answers nothing."""

import time

if __name__ == "__main__":
    time.sleep(60)
