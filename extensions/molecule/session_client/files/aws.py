"""Stands in for the AWS CLI: notes each call, lets a pushed key in, and is the way to this host's own sshd."""

import os
import pathlib
import socket
import sys
import threading

if sys.argv[1:] == ["--version"]:
    sys.stdout.write("aws-cli/2.31.0 Python/3.13.7 Linux/6.1 exe/x86_64.debian.12\n")
    sys.exit(0)

home = pathlib.Path.home()
with open(home / "aws-calls", "a", encoding="utf-8") as calls:
    calls.write(" ".join([os.environ.get("AWS_PROFILE", "-"), *sys.argv[1:]]) + "\n")
options = {sys.argv[at]: sys.argv[at + 1] for at in range(3, len(sys.argv), 2)}
if sys.argv[1] == "ec2-instance-connect":
    if options["--instance-id"] == "i-0000000000000dead":
        sys.exit("An error occurred (AccessDeniedException) when calling the SendSSHPublicKey operation")
    key = pathlib.Path(options["--ssh-public-key"][len("file://") :]).read_text(encoding="utf-8")
    (home / ".ssh" / "authorized_keys").write_text(key, encoding="utf-8")
    sys.stdout.write('{"RequestId": "0", "Success": true}\n')
    sys.exit(0)

with socket.create_connection(("127.0.0.1", int(options["--parameters"].split("=")[1]))) as way:

    def inwards():
        while part := os.read(0, 65536):
            way.sendall(part)
        way.shutdown(socket.SHUT_WR)

    threading.Thread(target=inwards, daemon=True).start()
    while part := way.recv(65536):
        os.write(1, part)
