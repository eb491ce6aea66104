#!/bin/sh
# Writes .env from .env.example with a fresh random secret for every empty value. Never overwrites.
set -eu
cd "$(dirname "$0")/../.."
target="${1:-.env}"
if [ -e "$target" ]; then
  echo "$target exists; delete it first if you want new secrets (the servers keep the old ones)." >&2
  exit 1
fi
umask 077
# A letter first: NATS reads a value that begins with a digit as a number.
secret() { printf 'k%s' "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"; }
while IFS= read -r line; do
  case "$line" in
    [A-Z]*=) printf '%s%s\n' "$line" "$(secret)" ;;
    *) printf '%s\n' "$line" ;;
  esac
done < .env.example > "$target"
echo "$target written. Next: docker compose up --build --detach"
