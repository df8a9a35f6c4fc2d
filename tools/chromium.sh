#!/bin/sh
# Installs Debian's chromium and Chinese fonts for the tests that drive a browser, where that is possible.
# Where it is not, says so and ends well: those tests are then left out.
set -eu

packages=
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || packages=chromium
command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ] || packages="$packages fonts-noto-cjk fontconfig"
[ -n "$packages" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Not installed here:$(printf ' %s' $packages) (that needs root and apt-get)."
    case $packages in *chromium*) echo "The tests that drive a browser are left out; all others run." ;; esac
    exit 0
fi
echo "Installing$(printf ' %s' $packages)"
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages; } >/tmp/wuzha-apt.$$ 2>&1; then
    tail -n 5 /tmp/wuzha-apt.$$
    echo "apt-get could not install$(printf ' %s' $packages); without chromium the browser tests are left out."
fi
rm -f /tmp/wuzha-apt.$$
