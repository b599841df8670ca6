#!/bin/sh
# Install Pullquote, or a part of what it needs, into the environment of one Python.
#
#   sh install.sh .venv/bin/python torch             # PyTorch alone
#   sh install.sh .venv/bin/python -e '.[dev]'       # anything that pip takes
#
# The default build of PyTorch for Linux brings several GB of CUDA that Pullquote has no use for. Where
# PULLQUOTE_TORCH_INDEX holds the address of PyTorch's CPU wheel index (PyTorch's own install page has it), that one is
# asked first; where it is empty or does not answer, pip's usual sources are. The version is the same.
set -eu
cd "$(dirname "$0")"
python=$1
shift

echo "Installing $* (the first time takes minutes)"
torch=$(grep '^torch==' constraints.txt)
if [ -n "${PULLQUOTE_TORCH_INDEX:-}" ] && ! "$python" -c 'import torch' 2>/dev/null; then
    "$python" -m pip install --quiet --no-deps --timeout 20 --retries 1 --index-url "$PULLQUOTE_TORCH_INDEX" "$torch" ||
        echo "install.sh: no $torch from PULLQUOTE_TORCH_INDEX; taking it from pip's usual sources" >&2
fi
"$python" -m pip install --quiet --disable-pip-version-check --constraint constraints.txt "$torch" "$@"
