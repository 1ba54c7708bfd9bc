#!/usr/bin/env python3
"""Sends events to the hub over TCP, with Python's standard library alone.

    client.py --source backup-01 --severity error "backup of vm-files failed"
    tail -F /var/log/syslog | client.py --source "$(hostname)"

An event gets its id before it is first sent and keeps it. So it may be sent again whenever the answer is missing: the
hub records an id once, and says "duplicate" when it has it already.
"""

import argparse
import json
import os
import random
import socket
import sys
import time
import uuid

ANSWER_S = 10  # to connect, and for each answer; a hub answers in milliseconds
FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 10  # between attempts

# The hub cannot take the event now, or does not know whether it has. Every other refusal is final.
PASSING = {"unavailable", "in_doubt", "storage_full", "rate_limited"}


class Hub:
    """A connection that is made when it is needed, and made anew after it broke."""

    def __init__(self, host, port, token):
        self.address = (host, port)
        self.token = token
        self.socket = None

    def ask(self, line):
        """Sends one line and returns the answer to it. Raises OSError or ValueError when no whole answer comes."""
        try:
            if self.socket is None:
                self.socket = socket.create_connection(self.address, timeout=ANSWER_S)
                self.answers = self.socket.makefile("rb")
                if self.token:
                    welcome = self.exchange(json.dumps({"token": self.token}).encode("ascii") + b"\n")
                    if not welcome["ok"]:
                        self.close()
                        return welcome
            return self.exchange(line)
        except (OSError, ValueError):
            self.close()
            raise

    def exchange(self, line):
        self.socket.sendall(line)
        text = self.answers.readline(1_000_000)
        if not text.endswith(b"\n"):
            raise ConnectionError("the hub closed the connection before it answered")
        answer = json.loads(text)
        if not isinstance(answer, dict) or "ok" not in answer:
            raise ValueError("the answer is no hub's")
        return answer

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def send(self, event, give_up_after_s):
        """Sends the event until the hub has recorded or refused it, and returns that answer.

        Raises TimeoutError when it got neither in time.
        """
        # ASCII alone, every other character as \\uXXXX: safe in any locale.
        line = json.dumps(event).encode("ascii") + b"\n"
        deadline = time.monotonic() + give_up_after_s
        wait_s = FIRST_WAIT_S
        while True:
            try:
                answer = self.ask(line)
                if answer["ok"] or answer.get("code") not in PASSING:
                    return answer
                trouble = f"{answer['code']}: {answer.get('error')}"
            except (OSError, ValueError) as error:
                trouble = str(error)
            # A random part of the wait, so that all producers of a hub that restarts do not return at once.
            pause_s = wait_s * random.uniform(0.5, 1)
            if time.monotonic() + pause_s > deadline:
                raise TimeoutError(f"given up after {give_up_after_s:g} s: {trouble}")
            note(f"{trouble}; sending again")
            time.sleep(pause_s)
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)


def note(text):
    print(f"client.py: {text}", file=sys.stderr, flush=True)


def read_arguments():
    parser = argparse.ArgumentParser(
        allow_abbrev=False,
        description="Send an event to the hub, or one for each line of standard input when there is no MESSAGE.",
        epilog="HUB_TOKEN is the token, where the hub wants one: an argument could be read by everyone on this machine. "
        "exit status: 0 all recorded, 1 one was refused or not delivered, 2 wrong usage",
    )
    host, _, port = os.environ.get("HUB_TCP", "127.0.0.1:9000").rpartition(":")
    parser.add_argument("--host", default=host.strip("[]"), help="the hub's host (HUB_TCP=HOST:PORT; %(default)s)")
    parser.add_argument("--port", default=port, type=int, help="its TCP port (HUB_TCP; %(default)s)")
    parser.add_argument("--source", default=socket.gethostname(), help="where it happened (%(default)s)")
    parser.add_argument("--severity", default="info", help="info, warning, error or critical (%(default)s)")
    parser.add_argument("--key", help="what the alert is about (the source)")
    parser.add_argument("--status", help="firing or resolved")
    parser.add_argument("--give-up-after", default=60, type=float, metavar="SECONDS", help="per event (%(default)s)")
    parser.add_argument("message", nargs="*", metavar="MESSAGE", help="what has happened")
    arguments = parser.parse_args()
    if not 1 <= arguments.port <= 65535:
        parser.error(f"--port, HUB_TCP: must be a port from 1 to 65535; got {arguments.port}")
    return arguments


def messages(words):
    """The words as one message, else each line of standard input. Bytes that are no UTF-8 are replaced."""
    if words:
        yield os.fsencode(" ".join(words)).decode("utf-8", "replace")
        return
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text:
            yield text


def main():
    arguments = read_arguments()
    hub = Hub(arguments.host, arguments.port, os.environ.get("HUB_TOKEN"))
    status = 0
    for message in messages(arguments.message):
        event = {
            "id": str(uuid.uuid4()),
            "time": int(time.time() * 1000),  # when it happened, however late it arrives
            "source": arguments.source,
            "severity": arguments.severity,
            "key": arguments.key,  # None: the hub's default
            "status": arguments.status,
            "message": message,
        }
        try:
            answer = hub.send(event, arguments.give_up_after)
        except TimeoutError as error:
            note(error)
            return 1
        if answer["ok"]:
            print("already recorded" if answer.get("duplicate") else "recorded", "at position", answer["position"])
        else:
            # It would be refused again: say why, and go on with the next.
            note(f"refused: {answer.get('error')}")
            status = 1
    return status


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
