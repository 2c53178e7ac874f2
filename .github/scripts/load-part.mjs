/**
 * What the build puts before each program: a part of it is read and compiled from beside it. `require` would look for it
 * first in all the ways of packages, which takes longer than most parts do. Once `compiled` is given (src/cache/code.ts), the
 * parts that follow are taken from it as far as it has them, and stand in `scripts`.
 */
export function partLoader(require, folder, build) {
  const { readFileSync } = require('node:fs');
  const { compileFunction, Script } = require('node:vm');
  const given = ['exports', 'require', 'module', '__filename', 'loadPart', 'importPackage'];
  const importPackage = (name) => import(name);
  const parts = new Map();
  return Object.assign(loadPart, { build, compiled: undefined, scripts: new Map() });

  function loadPart(name) {
    const known = parts.get(name);
    if (known) return known.exports;
    const made = { exports: {} };
    parts.set(name, made);
    const filename = `${folder}/${name}`;
    const run = compile(name, filename, readFileSync(filename, 'utf8'));
    run(made.exports, require, made, filename, loadPart, importPackage);
    return made.exports;
  }

  function compile(name, filename, text) {
    if (!loadPart.compiled) return compileFunction(text, given, { filename });
    const cachedData = loadPart.compiled.get(name);
    const script = new Script(`(function (${given}) {${text}\n})`, { filename, cachedData });
    loadPart.scripts.set(name, script);
    return script.runInThisContext();
  }
}
