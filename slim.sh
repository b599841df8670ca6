#!/bin/sh
# Remove from an environment what the service never imports, for the container image:
#
#   sh slim.sh /opt/pullquote
#
# tests/image_size.py does this to a copy of the packages, starts it, and prints the size. What is left runs the service,
# `pullquote extract`, `verify`, `why` and `mcp`, with the embedded model or Stanza models of your own; it trains nothing.
# Only PyTorch's largest library is stripped of its symbols: others do not survive that.
set -eu
cd "$1"/lib/python3*/site-packages
find . -type d \( -name tests -o -name test \) -prune -exec rm -rf {} +
find . -type f \( -name '*.pyi' -o -name '*.pxd' -o -name '*.pyx' -o -name '*.h' -o -name '*.c' -o -name '*.cpp' \) -delete
# PyTorch's programs and headers, and its compiler with sympy. torch_shm_manager has to be there.
find torch/bin -type f ! -name torch_shm_manager -delete
rm -rf torch/include torch/share torch/_inductor
rm -f torch/lib/lib*test*.so torch/lib/libaoti_custom_ops.so torch/lib/libbackend_with_compiler.so
# sympy is for PyTorch's compiler, hf_xet makes downloads faster, the others install packages.
for package in sympy mpmath hf_xet pip setuptools pkg_resources _distutils_hack; do
    rm -rf "$package" "$package"-*.dist-info
done
rm -f distutils-precedence.pth ../../../bin/pip*
if command -v strip >/dev/null; then
    strip --strip-unneeded torch/lib/libtorch_cpu.so torch/lib/libtorch_python.so
fi
