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
case "$status $1" in
  75*) exit 0 ;; # another is at work, and the next tick looks again
  "0 status") exit 0 ;; # which says that all is well
esac
[ -z "$said" ] || printf '%s\n' "$said"
exit "$status"
