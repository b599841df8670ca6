"""A stand-in for the process that reads pages: it is ready after a while, and rejects every page."""

import json
import sys
import time

if __name__ == "__main__":
    time.sleep(1.5)
    print(flush=True)
    for _ in sys.stdin:
        print(json.dumps({"unreadable": "is a test"}), flush=True)
