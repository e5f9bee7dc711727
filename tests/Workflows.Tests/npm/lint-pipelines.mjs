// Prints what Azure Pipelines' own language service and schema find in the pipelines named as arguments, one finding a line.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { getLanguageService } = require('azure-pipelines-language-service');
const { parse } = require('azure-pipelines-language-service/lib/parser/yamlParser');
const { TextDocument } = require('vscode-languageserver-textdocument');

const print = console.log;
console.log = () => {}; // the service talks while it works
const schema = JSON.parse(readFileSync(new URL('./microsoft/service-schema.json', import.meta.url), 'utf8'));
const service = getLanguageService(async () => schema, [], async () => 'schema:azure-pipelines', null, Promise);
service.configure({ validate: true });

for (const file of process.argv.slice(2)) {
  const content = readFileSync(file, 'utf8');
  for (const { range, message } of await service.doValidation(TextDocument.create(`file://${file}`, 'azure-pipelines', 1, content), parse(content)))
    print(`${file}:${range.start.line + 1}:${range.start.character + 1}: ${message}`);
}
