#!/bin/sh
# Speaks first, as mail and SSH servers do, then echoes.
echo 'welcome'
exec cat
