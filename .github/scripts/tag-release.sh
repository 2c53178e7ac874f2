#!/usr/bin/env bash
# Makes the tag of a release: the commit at hand with the built command on top, so that the action need not build it.
# The branch stays as it is. Pushing the tag is left to the caller.
set -euo pipefail
cd "$(dirname "$0")/../.."
tag="v$(node -p "require('./package.json').version")"
[ -z "$(git status --porcelain)" ] || { echo "Commit first: the working tree differs from HEAD." >&2; exit 1; }
! git rev-parse --quiet --verify "refs/tags/$tag" > /dev/null || { echo "$tag exists already." >&2; exit 1; }
rm -rf dist
npm run --silent build
index=$(mktemp -u)
trap 'rm -f "$index"' EXIT
export GIT_INDEX_FILE=$index
git read-tree HEAD
git add --force dist
commit=$(git commit-tree -p HEAD -m "release: $tag, with the built command" "$(git write-tree)")
git tag "$tag" "$commit"
echo "$tag is $commit"
