// Writes the part of GitHub's published OpenAPI description that PrimeDeploy's calls touch:
//   npm ci && npm install --no-save @octokit/openapi@23.0.2 && node extract-openapi.mjs ../../Reporting.Tests/GitHub/openapi.json
import { readFileSync, writeFileSync } from 'node:fs';

const source = JSON.parse(readFileSync(new URL('./node_modules/@octokit/openapi/generated/api.github.com.json', import.meta.url), 'utf8'));
const calls = {
  '/repos/{owner}/{repo}/deployments': ['get', 'post'],
  '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses': ['get', 'post'],
  '/repos/{owner}/{repo}/statuses/{sha}': ['post'],
  '/repos/{owner}/{repo}/issues': ['get', 'post'],
  '/repos/{owner}/{repo}/issues/{issue_number}': ['patch'],
  '/repos/{owner}/{repo}/issues/{issue_number}/comments': ['get', 'post'],
  '/repos/{owner}/{repo}/issues/comments/{comment_id}': ['patch'],
  '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches': ['post'],
  '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs': ['get'],
  '/repos/{owner}/{repo}/actions/runs/{run_id}': ['get'],
  '/repos/{owner}/{repo}/actions/runs/{run_id}/jobs': ['get'],
};

const components = {};
const plain = value => {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  if (typeof value.$ref === 'string') take(value.$ref);
  return Object.fromEntries(Object.entries(value)
    .filter(([key, child]) => !['example', 'examples', 'externalDocs', 'x-github'].includes(key) && !(key === 'description' && typeof child === 'string'))
    .map(([key, child]) => [key, plain(child)]));
};
const take = reference => {
  const [, , section, name] = reference.split('/');
  components[section] ??= {};
  if (name in components[section]) return;
  components[section][name] = null;
  components[section][name] = plain(source.components[section][name]);
};

const paths = {};
for (const [path, methods] of Object.entries(calls)) {
  paths[path] = {};
  for (const method of methods) {
    const { parameters, requestBody, responses } = source.paths[path][method];
    paths[path][method] = plain({
      parameters,
      requestBody,
      responses: Object.fromEntries(Object.entries(responses).filter(([status]) => status.startsWith('2'))),
    });
  }
}
const info = { title: source.info.title, version: source.info.version, license: source.info.license };
writeFileSync(process.argv[2], JSON.stringify({ openapi: source.openapi, info, paths, components }, null, 1) + '\n');
