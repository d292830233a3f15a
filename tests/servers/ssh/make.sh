#!/bin/sh
# Makes the keys of the SSH server and of its one user.
set -eu
cd "$(dirname "$0")"
ssh-keygen -q -t ed25519 -N '' -C host -f host_key
ssh-keygen -q -t ed25519 -N '' -C user -f user_key
cp user_key.pub authorized_keys
