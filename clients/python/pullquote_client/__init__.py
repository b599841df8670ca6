"""A client of Pullquote, which finds who said what in news articles.

from pullquote_client import Client

with Client("http://127.0.0.1:8000") as client:
    report = client.quotes("“We lost a winter,” Mayor Ruth Alder said.")
"""

from pullquote_client.asynchronous import AsyncClient
from pullquote_client.client import Client
from pullquote_client.errors import Busy, IncompleteBatch, PullquoteError, Refused
from pullquote_client.frames import to_pandas
from pullquote_client.reading import read, speaker_of

__all__ = [
    "AsyncClient",
    "Busy",
    "Client",
    "IncompleteBatch",
    "PullquoteError",
    "Refused",
    "read",
    "speaker_of",
    "to_pandas",
]
