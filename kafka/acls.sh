#!/bin/sh
# Gives a principal what it needs of MetaIE Streams on a cluster with ACLs, and no more.
#
#   kafka/acls.sh --bootstrap-server HOST:PORT [--command-config FILE] --principal User:NAME --as ROLE [--application NAME]
#
#   --as service    what the service itself does, all its roles; without topics of its own making: see create-topics.sh
#   --as sender     publishes documents, and texts for the teacher
#   --as reader     reads extractions, events and examples, in groups whose names begin with its own
#   --as operator   what the command line does: send, tail, control, redrive
#   --bootstrap-server, --command-config   as for Kafka's own kafka-acls.sh, which does the work
#   --application   metaie.application, if it is not metaie: it begins the names of groups and transactional ids
#   KAFKA_ACLS      where kafka-acls.sh is, if it is neither on the PATH nor in /opt/kafka/bin
#   METAIE_TOPICS_… other names of topics, the same variables as the service reads
#
# Exit: 0 done, 1 failed, 2 wrong usage.
set -eu

usage() {
  sed -n '4s/^# *//p' "$0" >&2
  exit 2
}

here=$(CDPATH='' cd -- "$(dirname "$0")" && pwd)
server=
config=
principal=
role=
application=metaie
while [ $# -gt 0 ]; do
  [ $# -gt 1 ] || usage
  case $1 in
    --bootstrap-server) server=$2 ;;
    --command-config) config=$2 ;;
    --principal) principal=$2 ;;
    --as) role=$2 ;;
    --application) application=$2 ;;
    *) usage ;;
  esac
  shift 2
done
[ -n "$server" ] && [ -n "$principal" ] || usage

acls=${KAFKA_ACLS:-$(command -v kafka-acls.sh || command -v kafka-acls || echo /opt/kafka/bin/kafka-acls.sh)}
[ -x "$acls" ] || {
  echo "no kafka-acls.sh on the PATH, and none at $acls: set KAFKA_ACLS" >&2
  exit 1
}
declared=$("$here/create-topics.sh" --list)

# topics KEY…: an option a topic, by the keys of topics.yaml.
topics() {
  for key in "$@"; do
    echo "$declared" | awk -F '\t' -v key="$key" '$1 == key { print "--topic " $2; found = 1 } END { exit !found }'
  done
}

# allow OPERATIONS OPTION…: one call of kafka-acls.sh.
allow() {
  operations=$1
  shift
  for operation in $operations; do
    set -- "$@" --operation "$operation"
  done
  [ -z "$config" ] || set -- --command-config "$config" "$@"
  "$acls" --bootstrap-server "$server" --add --allow-principal "$principal" "$@" </dev/null
}

# Words are meant to part: names of topics have no spaces.
# shellcheck disable=SC2046
case $role in
  service)
    # Describing is part of reading and writing; settings are read to know how large a record may be.
    allow "Read DescribeConfigs" $(topics documents documents.dead-letters spans control events tasks adapters \
      distillation.requests distillation.requests.dead-letters distillation.examples distillation.answers)
    allow "Write DescribeConfigs" $(topics documents.dead-letters spans control events tasks adapters distillation.requests \
      distillation.requests.dead-letters distillation.examples distillation.answers)
    # metaie, metaie-control, metaie-distill.
    allow Read --group "$application" --resource-pattern-type prefixed
    # metaie-<instance>-<lane>.
    allow "Write Describe" --transactional-id "$application-" --resource-pattern-type prefixed
    ;;
  sender)
    allow Write $(topics documents distillation.requests)
    ;;
  reader)
    allow Read $(topics spans events distillation.examples)
    allow Read --group "${principal#*:}" --resource-pattern-type prefixed
    ;;
  operator)
    allow "Read DescribeConfigs" $(topics documents documents.dead-letters spans control events tasks adapters distillation.requests \
      distillation.requests.dead-letters distillation.examples)
    allow Write $(topics documents control adapters distillation.requests)
    # redrive keeps its place in metaie-redrive-<reason>.
    allow Read --group metaie-redrive --resource-pattern-type prefixed
    allow "Write Describe" --transactional-id metaie-redrive
    ;;
  *) usage ;;
esac
