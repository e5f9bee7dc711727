// The lab's life cycle with Google's own libraries for Node: everything is made, looked at and deleted again.
// Usage: node lifecycle.js PORT. Prints what it saw as one line of JSON.
'use strict';

const { GoogleAuth, googleAuthLibrary } = require('google-gax');
const compute = require('@google-cloud/compute').v1;
const { Storage } = require('@google-cloud/storage');

const port = Number(process.argv[2]);
const project = 'node-project';
const zone = 'us-west1-b';
const region = 'us-west1';
const options = {
  apiEndpoint: '127.0.0.1', port, protocol: 'http', fallback: true,
  auth: new GoogleAuth({ authClient: new googleAuthLibrary.PassThroughClient() }),
};
const client = (name) => new compute[name](options);
const waiters = { global: client('GlobalOperationsClient'), region: client('RegionOperationsClient'), zone: client('ZoneOperationsClient') };

// A mutation is over when its operation is DONE, which the API's own long poll says.
async function done(call) {
  const [answer] = await call;
  let operation = answer.latestResponse;
  while (operation.status !== 'DONE') {
    const last = (url) => url.split('/').pop();
    [operation] = operation.zone ? await waiters.zone.wait({ project, zone: last(operation.zone), operation: operation.name })
      : operation.region ? await waiters.region.wait({ project, region: last(operation.region), operation: operation.name })
        : await waiters.global.wait({ project, operation: operation.name });
  }
  if (operation.error) throw new Error(JSON.stringify(operation.error));
}

async function refusal(call) {
  try {
    await call;
  } catch (error) {
    return error.message;
  }
  throw new Error('It was not refused.');
}

async function deployAndTearDown(seen) {
  const templates = client('InstanceTemplatesClient'), firewalls = client('FirewallsClient'), groups = client('InstanceGroupManagersClient');
  const checks = client('HealthChecksClient'), services = client('RegionBackendServicesClient'), rules = client('ForwardingRulesClient');
  const group = `projects/${project}/zones/${zone}/instanceGroups/backend`;

  await done(templates.insert({ project, instanceTemplateResource: {
    name: 'primecalc',
    properties: {
      machineType: 'e2-medium', tags: { items: ['backend'] }, networkInterfaces: [{ network: 'global/networks/default' }],
      disks: [{ boot: true, autoDelete: true, initializeParams: { sourceImage: 'projects/debian-cloud/global/images/family/debian-12' } }],
      metadata: { items: [{ key: 'startup-script', value: 'echo started by node' }] },
    },
  } }));
  await done(firewalls.insert({ project, firewallResource: {
    name: 'http', network: 'global/networks/default', allowed: [{ IPProtocol: 'tcp', ports: ['80'] }], sourceRanges: ['10.138.0.0/20'], targetTags: ['backend'],
  } }));
  await done(groups.insert({ project, zone, instanceGroupManagerResource: { name: 'backend', targetSize: 2, instanceTemplate: 'global/instanceTemplates/primecalc' } }));
  await done(checks.insert({ project, healthCheckResource: { name: 'ilb-health', type: 'HTTP', httpHealthCheck: { port: 80, requestPath: '/2' } } }));
  await done(services.insert({ project, region, backendServiceResource: {
    name: 'prime-service', loadBalancingScheme: 'INTERNAL', protocol: 'TCP', healthChecks: ['global/healthChecks/ilb-health'], backends: [{ group }],
  } }));
  await done(rules.insert({ project, region, forwardingRuleResource: {
    name: 'prime-lb', loadBalancingScheme: 'INTERNAL', IPAddress: '10.138.0.10', ports: ['80'], network: 'global/networks/default',
    backendService: `regions/${region}/backendServices/prime-service`,
  } }));

  let state;
  do {
    [state] = await groups.get({ project, zone, instanceGroupManager: 'backend' });
  } while (!state.status.isStable);
  seen.members = 0;
  for await (const member of groups.listManagedInstancesAsync({ project, zone, instanceGroupManager: 'backend' })) {
    seen.members++;
    seen.action = member.currentAction;
  }
  const [health] = await services.getHealth({ project, region, backendService: 'prime-service', resourceGroupReferenceResource: { group } });
  seen.backends = health.healthStatus.length;
  const [rule] = await rules.get({ project, region, forwardingRule: 'prime-lb' });
  seen.address = rule.IPAddress;
  seen.inUse = await refusal(templates.delete({ project, instanceTemplate: 'primecalc' }));
  seen.absent = await refusal(firewalls.get({ project, firewall: 'nowhere' }));

  await done(rules.delete({ project, region, forwardingRule: 'prime-lb' }));
  await done(services.delete({ project, region, backendService: 'prime-service' }));
  await done(groups.delete({ project, zone, instanceGroupManager: 'backend' }));
  await Promise.all([
    done(checks.delete({ project, healthCheck: 'ilb-health' })),
    done(firewalls.delete({ project, firewall: 'http' })),
    done(templates.delete({ project, instanceTemplate: 'primecalc' })),
  ]);
}

async function storeAndFetch(seen) {
  const storage = new Storage({ apiEndpoint: `http://127.0.0.1:${port}`, projectId: project });
  const [bucket] = await storage.createBucket('node-bucket', { location: 'US-WEST1' });
  await bucket.file('a/hello.txt').save('hello from node', { metadata: { contentType: 'text/plain', metadata: { made: 'here' } } });
  const [content] = await bucket.file('a/hello.txt').download();
  seen.content = content.toString();
  const [files] = await bucket.getFiles({ prefix: 'a/' });
  seen.files = files.map((file) => file.name);
  seen.conflict = await refusal(bucket.file('a/hello.txt').save('again', { preconditionOpts: { ifGenerationMatch: 0 } }));
  await bucket.deleteFiles();
  await bucket.delete();
}

(async () => {
  const seen = {};
  await deployAndTearDown(seen);
  await storeAndFetch(seen);
  console.log(JSON.stringify(seen));
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
