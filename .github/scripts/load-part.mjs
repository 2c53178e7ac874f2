/**
 * What the build puts before each program: a part of it is read and compiled from beside it. `require` would look for it
 * first in all the ways of packages, which takes longer than most parts do.
 */
export function partLoader(require, folder) {
  const { readFileSync } = require('node:fs');
  const { compileFunction } = require('node:vm');
  const given = ['exports', 'require', 'module', '__filename', 'loadPart', 'importPackage'];
  const importPackage = (name) => import(name);
  const parts = new Map();
  return function loadPart(name) {
    const known = parts.get(name);
    if (known) return known.exports;
    const made = { exports: {} };
    parts.set(name, made);
    const filename = `${folder}/${name}`;
    const run = compileFunction(readFileSync(filename, 'utf8'), given, { filename });
    run(made.exports, require, made, filename, loadPart, importPackage);
    return made.exports;
  };
}
