#!/usr/bin/env bash
# Makes a Python environment from a requirements file: environment.sh REQUIREMENTS FOLDER. The environment is used from
# the folder that it is moved to, so its programs must not name the folder that they were made in.
set -euo pipefail
requirements=$1 folder=$2
python3 -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile -r "$requirements"
# A program's first line names its interpreter by a whole path, which is wrong after the move.
grep -rlI --null "^#!$folder/bin/python" "$folder/bin" | xargs -0 -r sed -i "1s|^#!.*|#!/bin/sh\n'''exec' \"\$(dirname \"\$0\")/python\" \"\$0\" \"\$@\"\n' '''|"
