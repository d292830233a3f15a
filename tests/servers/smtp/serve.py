"""A mail server that demands STARTTLS before it takes mail, and drops what it takes."""

import asyncio
import ssl
import sys

from aiosmtpd.smtp import SMTP


class Drop:
    async def handle_DATA(self, server, session, envelope):
        return f"250 {len(envelope.content)} bytes dropped"


async def main(port, certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    loop = asyncio.get_running_loop()

    def connection():
        return SMTP(Drop(), tls_context=context, require_starttls=True, loop=loop, hostname="smtp.opi.test")

    server = await loop.create_server(connection, "127.0.0.1", int(port))
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
