"""serve.py PORT CERTIFICATE KEY: the folder that this file is in, by https on loopback.

What lies below cut/ breaks off half-way, as a mirror that goes down.
"""

import functools
import http.server
import pathlib
import ssl
import sys


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def copyfile(self, source, outputfile):
        if self.path.startswith("/cut/") and self.path.endswith((".deb", ".rpm")):
            content = source.read()
            outputfile.write(content[: len(content) // 2])
            return
        super().copyfile(source, outputfile)


port, certificate, key = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
folder = str(pathlib.Path(__file__).resolve().parent)
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), functools.partial(Handler, directory=folder))
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
