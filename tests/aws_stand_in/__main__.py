"""Serves until its standard input ends: python3 -m aws_stand_in --folder DIR [--quota TYPE=N]...

Prints its port as the only line of standard output.
"""

import argparse
import sys
import threading

from . import server, state


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--folder", required=True, help="where objects and training jobs lie")
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--quota", action="append", default=[], metavar="TYPE=N")
    given = arguments.parse_args()
    world = state.World(given.folder)
    for quota in given.quota:
        instance_type, number = quota.split("=")
        world.quotas[instance_type] = int(number)
    serving = server.make(world, given.port)
    print(serving.server_address[1], flush=True)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    sys.stdin.read()
    world.end()


main()
