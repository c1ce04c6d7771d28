#!/bin/sh
# What cron calls, with the secrets that feeds.yaml names by env:NAME. Silent where all went well.
set -u
umask 027
cd /var/lib/sundaypaper || exit 1
if [ -r ./secrets.env ]; then
  set -a
  . ./secrets.env
  set +a
fi
said=$(/opt/sundaypaper/bin/sundaypaper --root /var/lib/sundaypaper --quiet "$@" 2>&1)
status=$?
# 75: another is at work, and the next tick looks again.
[ "$status" -eq 75 ] && exit 0
[ -n "$said" ] && [ "$status" -ne 0 -o "$1" != status ] && printf '%s\n' "$said"
exit "$status"
