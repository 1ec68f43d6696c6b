#!/bin/sh
# Creates the topics of MetaIE Streams, those that are missing, as topics.yaml beside this file declares them.
#
#   kafka/create-topics.sh --bootstrap-server HOST:PORT [--command-config FILE] [--brokers N]
#   kafka/create-topics.sh --list [--brokers N]
#
#   --bootstrap-server, --command-config   as for Kafka's own kafka-topics.sh, which does the work
#   --brokers N     how many brokers there are; 3 by default, from which on topics are replicated
#   --list          only shows what would be created: key, name, partitions, replicas, settings
#   KAFKA_TOPICS    where kafka-topics.sh is, if it is neither on the PATH nor in /opt/kafka/bin
#   METAIE_TOPICS_… other names, the same variables as the service reads
#
# Needs a shell, awk and Kafka's scripts. Exit: 0 all are there, 1 failed, 2 wrong usage.
set -eu

usage() {
  sed -n '4,5s/^# *//p' "$0" >&2
  exit 2
}

here=$(CDPATH='' cd -- "$(dirname "$0")" && pwd)
server=
config=
brokers=3
list=
while [ $# -gt 0 ]; do
  case $1 in
    --bootstrap-server) [ $# -gt 1 ] || usage; server=$2; shift ;;
    --command-config) [ $# -gt 1 ] || usage; config=$2; shift ;;
    --brokers) [ $# -gt 1 ] || usage; brokers=$2; shift ;;
    --list) list=yes ;;
    *) usage ;;
  esac
  shift
done
case $brokers in '' | *[!0-9]* | 0) usage ;; esac

# A line a topic: key, name, partitions, replicas, settings; parted by tabs, settings by spaces.
declared() {
  awk -v size="$([ "$brokers" -ge 3 ] && echo three || echo one)" '
    function plain(text) { sub(/[ \t]*#.*$/, "", text); gsub(/^[ \t"]+|[ \t"]+$/, "", text); return text }
    # {one: 4, three: 12}, or one value for all.
    function value(text) {
      text = plain(text)
      if (text ~ /^\{/) {
        if (!match(text, "[{ ,]" size ":[^,}]*")) { print "topics.yaml: no value for " size ": " $0 > "/dev/stderr"; exit 1 }
        text = substr(text, RSTART + 1, RLENGTH - 1); sub(/^[^:]*:/, "", text)
      }
      return plain(text)
    }
    function named(key, byDefault,   base, variable) {
      base = key; sub(/\.dead-letters$/, "", base)
      variable = "METAIE_TOPICS_" toupper(base); gsub(/[^A-Z0-9]/, "_", variable)
      if (!(variable in ENVIRON) || ENVIRON[variable] == "") return byDefault
      return ENVIRON[variable] substr(key, length(base) + 1)
    }
    function flush() { if (topic != "") print topic "\t" named(topic, name) "\t" partitions "\t" replicas "\t" settings }
    /^[ \t]*(#|$)/ { next }
    /^[a-z]/ { section = plain($1); next }
    { key = $1; sub(/:$/, "", key); rest = $0; sub(/^[^:]*:/, "", rest) }
    section == "replication:" && key == "replication.factor" { replicas = value(rest) }
    section == "replication:" && key == "min.insync.replicas" { insync = value(rest) }
    section == "topics:" && /^  [a-z]/ { flush(); topic = key; settings = "min.insync.replicas=" insync }
    section == "topics:" && /^    name:/ { name = value(rest) }
    section == "topics:" && /^    partitions:/ { partitions = value(rest) }
    section == "topics:" && /^      [a-z]/ { settings = settings " " key "=" value(rest) }
    END { flush() }
  ' "$here/topics.yaml"
}

if [ -n "$list" ]; then
  declared
  exit
fi
[ -n "$server" ] || usage

topics=${KAFKA_TOPICS:-$(command -v kafka-topics.sh || command -v kafka-topics || echo /opt/kafka/bin/kafka-topics.sh)}
[ -x "$topics" ] || {
  echo "no kafka-topics.sh on the PATH, and none at $topics: set KAFKA_TOPICS" >&2
  exit 1
}

lines=$(declared)
while IFS='	' read -r key name partitions replicas settings; do
  set -- --bootstrap-server "$server"
  [ -z "$config" ] || set -- "$@" --command-config "$config"
  set -- "$@" --create --if-not-exists --topic "$name" --partitions "$partitions" --replication-factor "$replicas"
  for setting in $settings; do
    set -- "$@" --config "$setting"
  done
  "$topics" "$@" </dev/null || {
    echo "$name ($key) could not be created" >&2
    exit 1
  }
done <<EOF
$lines
EOF
