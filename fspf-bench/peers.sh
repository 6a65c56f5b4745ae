#!/usr/bin/env bash
# Programs beside fspf on one tree: fspf-bench/peers.sh [TREE [WORK]]
#
# Prints a table of Markdown: the median of five rounds in seconds, the programs one after the other in each round. Of
# fspf it is what the command itself reports in --json, which leaves out the start of Java, but not that its code is cold.
# What is not installed, or cannot be mounted here, is named and left out.
set -euo pipefail
root=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")/..")
tree=$(readlink -f "${1:-/usr/share}")
work=$(mktemp -d "${2:-${TMPDIR:-/tmp}}/fspf-peers.XXXXXX")
rounds=5
cores=$(nproc)
mount=$work/mount

finish() {
  if mountpoint -q "$mount" 2>/dev/null; then
    fusermount -u "$mount" || true
  fi
  rm -rf "$work"
}
trap finish EXIT

has() { command -v "$1" >/dev/null || { echo "$1 is not installed: left out" >&2; return 1; }; }

# Its files, read by as many processes as there are cores.
each_file() { find "$1" -type f -print0 | xargs -0 -n 64 -P "$cores" "${@:2}"; }

# Runs a command and prints the seconds that it takes.
seconds() {
  local start end
  start=$(date +%s%N)
  "$@" >/dev/null
  end=$(date +%s%N)
  awk -v n=$((end - start)) 'BEGIN { printf "%.3f\n", n / 1e9 }'
}

fspf() { "$root/fspf" "$@" --json | sed -n 's/.*"seconds": *\([0-9.eE+-]*\).*/\1/p'; }

# --- What is timed: each function prints seconds --------------------------------------------------

run_cat() { seconds each_file "$tree" cat; }
run_sha256sum() { seconds each_file "$tree" sha256sum; }
run_tar() { rm -f "$work/tar"; seconds tar cf "$work/tar" -C "$tree" .; }
run_cp() { rm -rf "$work/copy"; seconds cp -a "$tree" "$work/copy"; }
run_gocryptfs_write() { rm -rf "${mount:?}/tree"; seconds cp -a "$tree" "$mount/tree"; }
run_gocryptfs_read() { seconds each_file "$mount/tree" cat; }
run_seal() {
  rm -rf "$work/sealed"
  fspf seal --encrypt "$tree" "$work/sealed" --key-file "$work/key"
}
run_verify() { fspf verify "$work/sealed" --key-file "$work/key" --no-tag; }

declare -A names=(
  [cat]="\`cat\` to /dev/null, $cores processes"
  [sha256sum]="\`sha256sum\`, $cores processes"
  [tar]="\`tar cf\`"
  [cp]="\`cp -a\`"
  [gocryptfs_write]="\`cp -a\` into gocryptfs"
  [gocryptfs_read]="\`cat\` from gocryptfs, $cores processes"
  [seal]="\`fspf seal --encrypt\`"
  [verify]="\`fspf verify\`, encrypted"
)

programs=()
for program in cat sha256sum tar cp; do
  if has "$program"; then programs+=("$program"); fi
done
if has gocryptfs && has fusermount; then
  mkdir "$work/cipher" "$mount"
  if gocryptfs -q -nosyslog -init -extpass "echo bench" "$work/cipher" >/dev/null 2>"$work/error" &&
    gocryptfs -q -nosyslog -extpass "echo bench" "$work/cipher" "$mount" >/dev/null 2>"$work/error"; then
    programs+=(gocryptfs_write gocryptfs_read)
  else
    echo "gocryptfs cannot be mounted here: $(tail -1 "$work/error")" >&2
  fi
fi
programs+=(seal verify)

"$root/fspf" keygen "$work/key" >/dev/null
for ((round = 0; round < rounds; round++)); do
  for program in "${programs[@]}"; do
    "run_$program" >>"$work/$program.seconds"
  done
done

bytes=$(find "$tree" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')
printf '| %s, %s files, %d MB | seconds | MB/s |\n|---|---|---|\n' "$tree" "$(find "$tree" -type f | wc -l)" $((bytes / 1000000))
for program in "${programs[@]}"; do
  sort -g "$work/$program.seconds" | sed -n "$((rounds / 2 + 1))p" |
    awk -v name="${names[$program]}" -v bytes="$bytes" '{ printf "| %s | %.2f | %.0f |\n", name, $1, bytes / $1 / 1e6 }'
done
