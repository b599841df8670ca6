#!/bin/sh
# Install Pullquote or its dependencies into a Python environment.
#
#   sh install.sh .venv/bin/python torch             # PyTorch only
#   sh install.sh .venv/bin/python -e '.[dev]'       # any arguments of pip install
#
# PyTorch's default build for Linux comes with several GB of CUDA libraries that Pullquote does not use. If
# PULLQUOTE_TORCH_INDEX is the address of PyTorch's CPU wheel index (see PyTorch's install page), PyTorch is installed from
# there; if it is empty or does not respond, from pip's default sources. The version is the same.
set -eu
cd "$(dirname "$0")"
python=$1
shift

echo "Installing $* (the first time takes some minutes)"
torch=$(grep '^torch==' constraints.txt)
if [ -n "${PULLQUOTE_TORCH_INDEX:-}" ] && ! "$python" -c 'import torch' 2>/dev/null; then
    "$python" -m pip install --quiet --no-deps --timeout 20 --retries 1 --index-url "$PULLQUOTE_TORCH_INDEX" "$torch" ||
        echo "install.sh: PULLQUOTE_TORCH_INDEX has no $torch; installing it from pip's default sources" >&2
fi
"$python" -m pip install --quiet --disable-pip-version-check --constraint constraints.txt "$torch" "$@"
