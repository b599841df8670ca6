"""Free ports for the servers that benchmarks and tests start."""

import random
import socket
from typing import Final

# Systems hand out larger ones for connections and to servers that ask for any: one of those can be taken before our
# server has it. Ray's processes use smaller ones.
_PORTS: Final = range(20_000, 32_000)
_reserved: Final[list[socket.socket]] = []


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port that no other process of ours gets while this one runs.

    It is reserved by the UDP port of the same number, which this process holds until it ends.
    """
    chance = random.SystemRandom()  # tests set the seed of the other one
    while True:
        port = chance.choice(_PORTS)
        reservation = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            reservation.bind((host, port))
            with socket.create_server((host, port)):
                pass
        except OSError:
            reservation.close()
        else:
            _reserved.append(reservation)
            return port
