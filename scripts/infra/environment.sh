#!/usr/bin/env bash
# Makes a Python environment from a requirements file: environment.sh REQUIREMENTS FOLDER. The environment is used from
# the folder that it is moved to, so its programs must not name the folder that they were made in. An index that does not
# answer is given up.
set -euo pipefail
requirements=$1 folder=$2
timeout --kill-after=10 120 python3 -m venv "$folder"
timeout --kill-after=10 600 "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile --no-input \
    --timeout 30 --retries 3 -r "$requirements" </dev/null
# A program's first line names its interpreter by a whole path, which is wrong after the move.
grep -rlI --null "^#!$folder/bin/python" "$folder/bin" | xargs -0 -r sed -i "1s|^#!.*|#!/bin/sh\n'''exec' \"\$(dirname \"\$0\")/python\" \"\$0\" \"\$@\"\n' '''|"
