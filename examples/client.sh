#!/usr/bin/env bash
# Sends events to the hub over TCP, with bash alone (its /dev/tcp) and coreutils' timeout.
#
#     client.sh --source backup-01 --severity error "backup of vm-files failed"
#     tail -F /var/log/syslog | client.sh --source "$(hostname)"
#
# An event gets its id before it is first sent and keeps it. So it may be sent again whenever the answer is missing: the
# hub records an id once, and says "duplicate" when it has it already.
set -uo pipefail

answer_s=10 # to connect and be answered; a hub answers in milliseconds
longest_wait_ms=10000

usage='usage: client.sh [options] [MESSAGE]

Send an event to the hub, or one for each line of standard input when there is no MESSAGE.

  --host HOST, --port PORT   the hub (HUB_TCP=HOST:PORT; 127.0.0.1:9000)
  --source SOURCE            where it happened (this host'\''s name)
  --severity SEVERITY        info, warning, error or critical (info)
  --key KEY                  what the alert is about (the source)
  --status STATUS            firing or resolved
  --give-up-after SECONDS    per event (60)

HUB_TOKEN is the token, where the hub wants one: an argument could be read by everyone on this machine.

exit status: 0 all recorded, 1 one was refused or not delivered, 2 wrong usage'

note() { printf 'client.sh: %s\n' "$1" >&2; }

# The text as a JSON string: \ and " and control characters escaped, all else as it is (the hub takes UTF-8).
json_string() {
  local LC_ALL=C text=$1 code char escape
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  if [[ $text == *[[:cntrl:]]* ]]; then
    for code in {1..31}; do
      printf -v escape '\\u%04x' "$code"
      printf -v char %b "$escape"
      text=${text//"$char"/"$escape"}
    done
  fi
  printf '"%s"' "$text"
}

# Sends standard input, one line, over a connection of its own, after the token where there is one, and prints the answer to
# it, or to the token when that is refused. Fails when no whole line comes back. In a process of its own, since nothing else
# bounds how long bash takes to connect.
ask() {
  timeout --foreground "$answer_s" bash -c '
    exec 3<>"/dev/tcp/$1/$2" || exit
    if [[ -n $HUB_TOKEN ]]; then
      printf "{\"token\":\"%s\"}\n" "$HUB_TOKEN" >&3 && IFS= read -r answer <&3 || exit
      [[ $answer == *\"ok\":true* ]] || { printf "%s" "$answer"; exit; }
    fi
    cat >&3 && IFS= read -r answer <&3 && printf "%s" "$answer"
  ' ask "$host" "$port" 2>/dev/null
}

now_ms() { printf '%s' "$((${EPOCHREALTIME/[.,]/} / 1000))"; }

# Sends one message until the hub has recorded or refused it. 0: recorded, 1: refused, 3: neither in time.
send() {
  local id line answer trouble pause_ms wait_ms=250 deadline=$(($(now_ms) + give_up_after_s * 1000))
  id=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)
  # The time is when it happened, however late it arrives.
  line="{\"id\":\"$id\",\"time\":$(now_ms),\"source\":$(json_string "$source"),\"severity\":$(json_string "$severity")"
  [[ -n $key ]] && line+=",\"key\":$(json_string "$key")"
  [[ -n $status ]] && line+=",\"status\":$(json_string "$status")"
  line+=",\"message\":$(json_string "$1")}"

  while true; do
    answer=$(printf '%s\n' "$line" | ask)
    # A quote inside of a string is written \", so that these can only be the answer's own fields.
    case $answer in
      *'"ok":true'*'"duplicate":true'*) echo "already recorded at $(position_in "$answer")" && return 0 ;;
      *'"ok":true'*) echo "recorded at $(position_in "$answer")" && return 0 ;;
      *'"code":"unavailable"'* | *'"code":"in_doubt"'* | *'"code":"storage_full"'* | *'"code":"rate_limited"'*)
        trouble=$answer # the hub cannot take it now, or does not know whether it has: send it again
        ;;
      *'"ok":false'*) note "refused: $answer" && return 1 ;; # it would be refused again
      *) trouble="no answer from $host:$port" ;;
    esac
    # A random part of the wait, so that all producers of a hub that restarts do not return at once.
    pause_ms=$((wait_ms / 2 + RANDOM % (wait_ms / 2)))
    if (($(now_ms) + pause_ms > deadline)); then
      note "given up after $give_up_after_s s: $trouble"
      return 3
    fi
    note "$trouble; sending again"
    sleep "$((pause_ms / 1000)).$(printf %03d "$((pause_ms % 1000))")"
    wait_ms=$((wait_ms * 2 < longest_wait_ms ? wait_ms * 2 : longest_wait_ms))
  done
}

position_in() {
  [[ $1 =~ \"position\":([0-9]+) ]]
  printf 'position %s' "${BASH_REMATCH[1]:-?}"
}

wrong_usage() {
  printf '%s\n\n%s\n' "$1" "$usage" >&2
  exit 2
}

trap 'exit 130' INT

hub=${HUB_TCP:-127.0.0.1:9000}
host=${hub%:*} host=${host#[} host=${host%]} port=${hub##*:}
source=$(hostname) severity=info key='' status='' give_up_after_s=60
while (($# > 0)); do
  case $1 in
    -h | --help) printf '%s\n' "$usage" && exit 0 ;;
    --host | --port | --source | --severity | --key | --status | --give-up-after)
      (($# > 1)) || wrong_usage "$1: needs a value"
      name=${1#--}
      [[ $name == give-up-after ]] && name=give_up_after_s
      printf -v "$name" %s "$2"
      shift 2
      ;;
    --) shift && break ;;
    -*) wrong_usage "$1: is no option" ;;
    *) break ;;
  esac
done
[[ $port =~ ^[1-9][0-9]{0,4}$ ]] && ((port <= 65535)) || wrong_usage "--port, HUB_TCP: must be a port; got $port"
[[ $give_up_after_s =~ ^[0-9]+$ ]] || wrong_usage "--give-up-after: must be whole seconds; got $give_up_after_s"

if (($# > 0)); then
  send "$*" || exit 1
  exit 0
fi
exit_status=0
# The last line may lack its newline.
while IFS= read -r line || [[ -n $line ]]; do
  line=${line%$'\r'}
  [[ -n $line ]] || continue
  send "$line"
  case $? in
    0) ;;
    1) exit_status=1 ;;
    *) exit 1 ;; # the hub is away: do not try each of the other lines as long
  esac
done
exit "$exit_status"
