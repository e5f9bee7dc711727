// Shows what the server tells, whenever it tells. Everything is put on the page as text, never as HTML.

const at = id => document.getElementById(id);

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes('-') || name === 'scope') element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}

const moods = {
  RUNNING: 'good', HEALTHY: 'good', NONE: 'good', DONE: 'good', allow: 'good',
  PROVISIONING: 'wait', STAGING: 'wait', STOPPING: 'wait', DELETING: 'wait', CREATING: 'wait', RECREATING: 'wait', RESTARTING: 'wait', REFRESHING: 'wait', VERIFYING: 'wait', PENDING: 'wait',
  UNHEALTHY: 'bad', TIMEOUT: 'bad', FAILED: 'bad', deny: 'bad',
};
const words = text => (text ?? 'unknown').toLowerCase().replaceAll('_', ' ');
const badge = (state, text = words(state)) => make('span', { className: `badge ${moods[state] ?? ''}` }, text);
const empty = text => make('p', { className: 'empty' }, text);

function machineButton(name, path, state, said = words(state)) {
  const button = make('button', { type: 'button', className: moods[state] ?? '', title: 'Serial port' }, `${name} · ${said}`);
  if (path) button.dataset.path = path;
  else button.disabled = true;
  return make('li', {}, button);
}

function table(label, heads, rows) {
  return make('div', { className: 'table', tabIndex: 0, role: 'region', 'aria-label': label },
    make('table', {},
      make('thead', {}, make('tr', {}, heads.map(head => make('th', { scope: 'col' }, head)))),
      make('tbody', {}, rows)));
}
const cell = (content, className = '') => make('td', { className }, content ?? '–');

function balancerCard(balancer) {
  const machines = balancer.backends.flatMap(backend => backend.machines);
  const healthy = machines.filter(machine => machine.state === 'HEALTHY').length;
  const verdict = machines.length === 0 ? ['', 'no backends'] : healthy === machines.length ? ['HEALTHY', `${healthy} of ${machines.length} healthy`]
    : healthy === 0 ? ['UNHEALTHY', `0 of ${machines.length} healthy`] : ['PENDING', `${healthy} of ${machines.length} healthy`];
  return make('article', { className: 'card' },
    make('div', { className: 'top' }, make('h3', {}, balancer.name), badge(...verdict)),
    make('p', { className: 'facts' }, make('span', { className: 'address' }, `${balancer.address}:${balancer.ports}`),
      ` · ${balancer.protocol} · ${words(balancer.scheme)} · ${balancer.region}`),
    make('ul', { className: 'flow' },
      make('li', { className: 'group' }, balancer.service ? `backend service ${balancer.service}` : 'no backend service', balancer.check ? ` · checked by ${balancer.check}` : ''),
      balancer.backends.map(backend => make('li', {}, make('span', { className: 'group' }, `group ${backend.group}`),
        make('ul', { className: 'members' }, backend.machines.map(machine => machineButton(machine.name, machine.path, machine.state)))))));
}

function machineRow(machine, health) {
  const serial = make('button', { type: 'button', 'aria-label': `Serial port of ${machine.name}` }, 'Serial port');
  serial.dataset.path = machine.path;
  const external = machine.external && make('a', { href: `http://${machine.external}/`, rel: 'noreferrer', target: '_blank' }, machine.external);
  return make('tr', {},
    cell([make('strong', {}, machine.name), machine.group ? make('span', { className: 'sub' }, `group ${machine.group}`) : null].filter(Boolean)),
    cell([badge(machine.status), health.has(machine.path) ? ' ' : null, health.has(machine.path) ? badge(health.get(machine.path)) : null].filter(Boolean)),
    cell([make('span', { className: 'mono' }, machine.type), make('span', { className: 'sub' }, machine.zone)]),
    cell([machine.internal ?? '–', make('span', { className: 'sub' }, machine.network ?? '')], 'mono'),
    cell(external, 'mono'),
    cell(machine.tags.length ? machine.tags.map(tag => make('span', { className: 'tag' }, tag)) : null),
    cell(serial));
}

function groupCard(group) {
  const ready = group.members.filter(member => member.action === 'NONE').length;
  const fill = make('span');
  fill.style.width = `${group.size ? Math.min(100, 100 * ready / group.size) : 0}%`;
  return make('article', { className: 'card' },
    make('div', { className: 'top' }, make('h3', {}, group.name), badge(group.stable ? 'HEALTHY' : 'PENDING', group.stable ? 'stable' : 'at work')),
    make('p', { className: 'facts' }, `${ready} of ${group.size} ready · template ${group.template ?? '–'} · ${group.place}`),
    make('div', { className: 'bar-of', 'aria-hidden': 'true' }, fill),
    make('ul', { className: 'members' }, group.members.map(member => {
      const state = member.health && member.health !== 'HEALTHY' && member.action === 'NONE' ? member.health : member.action;
      return machineButton(member.name, member.path, state, member.action === 'NONE' ? words(member.health ?? member.status) : words(member.action));
    })));
}

function networkCard(network) {
  const hidden = network.subnetworkCount - network.subnetworks.length;
  return make('article', { className: 'network' },
    make('div', { className: 'card' },
      make('div', { className: 'top' }, make('h3', {}, network.name), make('span', { className: 'tag' }, `${network.mode} mode`)),
      make('p', { className: 'facts' },
        network.subnetworks.map(subnetwork => make('span', { className: 'tag' },
          `${subnetwork.region} · ${subnetwork.range}${subnetwork.googleAccess ? ' · Google access' : ''}${subnetwork.purpose && subnetwork.purpose !== 'PRIVATE' ? ` · ${words(subnetwork.purpose)}` : ''}`)),
        hidden > 0 ? ` and ${hidden} unused subnetworks` : '')),
    network.firewalls.length === 0 ? empty('No firewall rules: nothing comes in.')
      : table(`Firewall rules of ${network.name}`, ['Firewall rule', 'Priority', 'Action', 'Protocols', 'From or to', 'Machines'], network.firewalls.map(rule => make('tr', { className: rule.disabled ? 'disabled' : '' },
        cell(rule.name), cell(`${rule.priority}`), cell(badge(rule.disabled ? 'disabled' : rule.action, `${rule.action} ${rule.direction}${rule.disabled ? ', disabled' : ''}`)), cell(rule.protocols, 'mono'), cell(rule.peers), cell(rule.targets || 'all')))));
}

function operationRow(operation) {
  const took = operation.ended ? Math.max(0, new Date(operation.ended) - new Date(operation.at)) : null;
  return make('tr', {},
    cell(make('time', { dateTime: operation.at, title: operation.at }, new Date(operation.at).toLocaleTimeString())),
    cell(operation.type),
    cell([operation.target, make('span', { className: 'sub' }, operation.kind ?? '')]),
    cell([badge(operation.error ? 'FAILED' : operation.status === 'DONE' ? 'DONE' : 'PENDING', operation.error ? 'failed' : words(operation.status)), operation.error ? make('span', { className: 'sub error' }, operation.error) : null].filter(Boolean)),
    cell(took === null ? '…' : took < 1000 ? `${took} ms` : `${(took / 1000).toFixed(1)} s`));
}

// Replaces what has changed, and puts the focus and the way that was scrolled back.
const shown = new Map();
function show(id, content, heading, count) {
  const place = at(id);
  const text = JSON.stringify(content.data);
  if (shown.get(id) === text) return;
  shown.set(id, text);
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const scrolled = [...place.querySelectorAll('.table')].map(region => region.scrollLeft);
  place.replaceChildren(...content.make());
  [...place.querySelectorAll('.table')].forEach((region, index) => { region.scrollLeft = scrolled[index] ?? 0; });
  if (focused) {
    const again = focused.dataset.path ? [...place.querySelectorAll('[data-path]')].find(one => one.dataset.path === focused.dataset.path && one.ariaLabel === focused.ariaLabel)
      : place.querySelector(focused.localName);
    again?.focus({ preventScroll: true });
  }
  const title = at(heading);
  title.querySelector('.count')?.remove();
  title.append(make('span', { className: 'count' }, `${count}`));
}

let latest = null;

function render() {
  if (!latest) return;
  const { projects } = latest;
  const select = at('project');
  const names = projects.map(project => project.name);
  if (JSON.stringify([...select.options].map(option => option.value)) !== JSON.stringify(names)) {
    const chosen = select.value || new URLSearchParams(location.search).get('project');
    select.replaceChildren(...names.map(name => make('option', { value: name }, name)));
    // The one where most is going on, until somebody chooses.
    select.value = names.includes(chosen) ? chosen : projects.toSorted((one, other) => other.machines.length - one.machines.length)[0]?.name ?? '';
  }
  select.parentElement.hidden = names.length < 2;
  at('server').textContent = `${latest.endpoint} · machines ${latest.machines === 'namespaces' ? 'in namespaces' : 'simulated'} · version ${latest.version}`;
  at('server').title = latest.stateDirectory;
  at('notes').replaceChildren(...latest.notes.map(note => make('p', { className: 'note' }, note)));

  const project = projects.find(one => one.name === select.value) ?? { networks: [], machines: [], groups: [], loadBalancers: [], operations: [] };
  const health = new Map(project.loadBalancers.flatMap(balancer => balancer.backends).flatMap(backend => backend.machines).map(machine => [machine.path, machine.state]));
  const list = (id, heading, items, one, none) => show(id, { data: items, make: () => items.length ? items.map(one) : [empty(none)] }, heading, items.length);
  list('balancer-list', 'load-balancers', project.loadBalancers, balancerCard, 'No load balancers. A forwarding rule makes one.');
  show('machine-list', {
    data: [project.machines, [...health]],
    make: () => [project.machines.length ? table('Machines', ['Name', 'State', 'Type', 'Internal address', 'External address', 'Tags', 'Output'], project.machines.map(machine => machineRow(machine, health)))
      : empty('No machines. gcloud compute instances create NAME makes one.')],
  }, 'machines', project.machines.length);
  list('group-list', 'groups', project.groups, groupCard, 'No managed groups.');
  list('network-list', 'networks', project.networks, networkCard, 'No networks. A project and its default network are there when they are first named.');
  show('operation-list', {
    data: project.operations,
    make: () => [project.operations.length ? table('Operations', ['Started', 'Operation', 'Resource', 'State', 'Took'], project.operations.map(operationRow)) : empty('Nothing was asked for yet.')],
  }, 'operations', project.operations.length);
}

const live = at('live');
const events = new EventSource('/localcloud/console/events');
events.onmessage = message => {
  latest = JSON.parse(message.data);
  live.className = 'live on';
  if (live.textContent !== 'live') live.textContent = 'live';
  render();
};
events.onerror = () => {
  live.className = 'live lost';
  live.textContent = 'not connected';
};
at('project').addEventListener('change', () => {
  history.replaceState(null, '', `?project=${encodeURIComponent(at('project').value)}${location.hash}`);
  render();
});

const dialog = at('serial');
const output = at('serial-text');
let reading = null;

async function readSerial(path, mine) {
  let next = -65536;
  while (reading === mine) {
    try {
      const answer = await fetch(`/localcloud/console/serial/${path}?start=${next}`);
      if (answer.ok) {
        const serial = await answer.json();
        next = serial.next;
        if (reading === mine && serial.contents) {
          output.append(serial.contents);
          if (at('follow').checked) output.scrollTop = output.scrollHeight;
        }
      } else if (output.textContent === '') {
        output.textContent = 'The machine has not booted.';
      }
    } catch {
      // The server is away; the page says so above.
    }
    await new Promise(later => setTimeout(later, 700));
  }
}

document.addEventListener('click', event => {
  const path = event.target.closest?.('[data-path]')?.dataset.path;
  if (!path) return;
  at('serial-title').textContent = `Serial port of ${path.split('/').at(-1)}`;
  output.textContent = '';
  dialog.showModal();
  readSerial(path, reading = Symbol(path));
});
dialog.addEventListener('close', () => { reading = null; });
