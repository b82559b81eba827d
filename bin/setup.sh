# Sourced by the commands beside it: makes .venv with a Python of 3.11 or newer and installs the requirement files in
# $needed, once; again only when they change.
python=""
for candidate in python3.14 python3.13 python3.12 python3.11 python3 python; do
  if command -v "$candidate" >/dev/null 2>&1 &&
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ] && [ ! -x .venv/bin/python ]; then
  echo "Python 3.11 or newer is needed and was not found; install it and try again" >&2
  exit 1
fi
[ -x .venv/bin/python ] || "$python" -m venv .venv || {
  echo ".venv cannot be made; on Debian and Ubuntu: apt install python3-venv" >&2
  exit 1
}
for file in $needed; do
  stamp=".venv/$(echo "$file" | tr / -).installed"
  if ! cmp -s "$file" "$stamp"; then
    echo "Installing $file (only the first time)" >&2
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$file" >&2
    cp "$file" "$stamp"
  fi
done
