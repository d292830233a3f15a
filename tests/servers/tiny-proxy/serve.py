"""tiny-proxy, one port for each kind: SOCKS4a open and with a user id, SOCKS5 and HTTP with a password."""

import sys

import anyio
from tiny_proxy import HttpProxyHandler, Socks4ProxyHandler, Socks5ProxyHandler


async def main():
    handlers = [
        Socks4ProxyHandler(),
        Socks4ProxyHandler(username="user"),
        Socks5ProxyHandler(username="user", password="pass"),
        HttpProxyHandler(username="user", password="pass"),
    ]
    async with anyio.create_task_group() as group:
        for handler, port in zip(handlers, sys.argv[1:], strict=True):
            listener = await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=int(port))
            group.start_soon(listener.serve, handler.handle)


anyio.run(main)
