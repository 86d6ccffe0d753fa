import { at, type Library, named } from './library.ts';

const SHELL = { argument: named('shell'), is: true } as const;
const NO_SHELL = { argument: named('shell'), isNot: true } as const;
const RUN = [
  'subprocess.run',
  'subprocess.call',
  'subprocess.check_call',
  'subprocess.check_output',
  'subprocess.Popen',
];
const EXEC_LIST = ['os.execl', 'os.execle', 'os.execlp', 'os.execlpe'];
const EXEC_VECTOR = ['os.execv', 'os.execve', 'os.execvp', 'os.execvpe', 'os.posix_spawn', 'os.posix_spawnp'];
const SPAWN_LIST = ['os.spawnl', 'os.spawnle', 'os.spawnlp', 'os.spawnlpe'];
const SPAWN_VECTOR = ['os.spawnv', 'os.spawnve', 'os.spawnvp', 'os.spawnvpe'];
const EVENT_LOOP = ['asyncio.AbstractEventLoop', 'asyncio.BaseEventLoop', 'asyncio.loop'];
const REST = [2, 3, 4, 5, 6, 7, 8, 9].map((position) => at(position));

/** Starting programs. A command for a shell is `shell`; without one the first word is `program`, the others are `argument`. */
export const pythonProcess: Library = {
  name: 'subprocess, os.exec*, os.spawn*, asyncio subprocesses, pty',
  docs: 'https://docs.python.org/3/library/subprocess.html',
  aliases: {
    'eventlet.green.subprocess': 'subprocess',
    'gevent.subprocess': 'subprocess',
    subprocess32: 'subprocess',
    'eventlet.green.os': 'os',
    'asyncio.subprocess.create_subprocess_shell': 'asyncio.create_subprocess_shell',
    'asyncio.subprocess.create_subprocess_exec': 'asyncio.create_subprocess_exec',
    'asyncio.subprocess.Process': 'asyncio.Process',
    // https://psutil.readthedocs.io/en/latest/#psutil.Popen: the same arguments.
    'psutil.Popen': 'subprocess.Popen',
    'six.moves.getoutput': 'subprocess.getoutput',
    'commands.getoutput': 'subprocess.getoutput',
    'commands.getstatusoutput': 'subprocess.getstatusoutput',
  },
  returns: {
    'asyncio.get_event_loop': 'asyncio.AbstractEventLoop',
    'asyncio.get_running_loop': 'asyncio.AbstractEventLoop',
    'asyncio.new_event_loop': 'asyncio.AbstractEventLoop',
    'asyncio.events.new_event_loop': 'asyncio.AbstractEventLoop',
    'asyncio.events.get_event_loop': 'asyncio.AbstractEventLoop',
    'asyncio.AbstractEventLoop.create_future': 'asyncio.Future',
    'subprocess.run': 'subprocess.CompletedProcess',
    'pexpect.spawn': 'pexpect.spawn',
  },
  sinks: [
    {
      kind: 'shell',
      paths: [
        'os.system',
        'os.popen',
        'os.popen2',
        'os.popen3',
        'os.popen4',
        'subprocess.getoutput',
        'subprocess.getstatusoutput',
      ],
      arguments: [at(0, 'cmd'), named('command')],
    },
    {
      kind: 'shell',
      paths: [
        'popen2.popen2',
        'popen2.popen3',
        'popen2.popen4',
        'popen2.Popen3',
        'popen2.Popen4',
        'commands.getstatus',
      ],
      arguments: [at(0, 'cmd')],
    },
    {
      kind: 'shell',
      paths: ['platform.popen', 'asyncio.create_subprocess_shell', 'anyio.run_process', 'trio.run_process'],
      arguments: [at(0, 'cmd'), named('command')],
    },
    { kind: 'shell', paths: EVENT_LOOP.map((loop) => `${loop}.subprocess_shell`), arguments: [at(1, 'cmd')] },
    // With a list and a shell the first element is the command, the others are the shell's own arguments.
    { kind: 'shell', paths: RUN, arguments: [at(0, 'args')], element: 'first', when: [SHELL] },
    { kind: 'program', paths: RUN, arguments: [at(0, 'args')], element: 'first', when: [NO_SHELL] },
    { kind: 'argument', paths: RUN, arguments: [at(0, 'args')], element: 'rest' },
    // What a shell without a script reads is one.
    { kind: 'argument', paths: [...RUN, 'subprocess.Popen.communicate'], arguments: [named('input')] },
    { kind: 'argument', paths: ['subprocess.Popen.communicate'], arguments: [at(0)] },
    { kind: 'program', paths: RUN, arguments: [named('executable')] },
    { kind: 'program', paths: [...EXEC_LIST, ...EXEC_VECTOR], arguments: [at(0, 'path'), named('file')] },
    { kind: 'argument', paths: EXEC_LIST, arguments: REST },
    { kind: 'argument', paths: EXEC_VECTOR, arguments: [at(1, 'args'), named('argv')], element: 'rest' },
    { kind: 'program', paths: [...SPAWN_LIST, ...SPAWN_VECTOR], arguments: [at(1, 'file'), named('path')] },
    { kind: 'argument', paths: SPAWN_LIST, arguments: REST.slice(1) },
    { kind: 'argument', paths: SPAWN_VECTOR, arguments: [at(2, 'args')], element: 'rest' },
    { kind: 'program', paths: ['asyncio.create_subprocess_exec'], arguments: [at(0, 'program')] },
    { kind: 'argument', paths: ['asyncio.create_subprocess_exec'], arguments: [at(1), ...REST] },
    { kind: 'program', paths: EVENT_LOOP.map((loop) => `${loop}.subprocess_exec`), arguments: [at(1)] },
    { kind: 'argument', paths: EVENT_LOOP.map((loop) => `${loop}.subprocess_exec`), arguments: REST },
    { kind: 'program', paths: ['pty.spawn'], arguments: [at(0, 'argv')], element: 'first' },
    { kind: 'argument', paths: ['pty.spawn'], arguments: [at(0, 'argv')], element: 'rest' },
    // The variables that a program starts with: LD_PRELOAD and PATH decide what code it runs.
    {
      kind: 'environment',
      paths: [...RUN, 'asyncio.create_subprocess_exec', 'asyncio.create_subprocess_shell'],
      arguments: [named('env')],
    },
    {
      kind: 'environment',
      paths: ['os.execve', 'os.execvpe', 'os.posix_spawn', 'os.posix_spawnp'],
      arguments: [at(2, 'env')],
    },
    { kind: 'environment', paths: ['os.spawnve', 'os.spawnvpe'], arguments: [at(3, 'env')] },
    { kind: 'path', paths: RUN, arguments: [named('cwd')] },
    // https://plumbum.readthedocs.io/, https://amoffat.github.io/sh/, https://docs.fabfile.org/, https://docs.pyinvoke.org/
    {
      kind: 'shell',
      paths: [
        'invoke.run',
        'invoke.Context.run',
        'invoke.Context.sudo',
        'invoke.context.Context.run',
        'fabric.api.local',
        'fabric.operations.local',
        'fabric.Connection.local',
        'delegator.run',
        'sarge.run',
        'sarge.capture_stdout',
        'envoy.run',
      ],
      arguments: [at(0, 'command')],
    },
    {
      kind: 'program',
      paths: [
        'sh.Command',
        'pexpect.spawn',
        'pexpect.run',
        'pexpect.runu',
        'pexpect.popen_spawn.PopenSpawn',
        'winpexpect.winspawn',
        'ptyprocess.PtyProcess.spawn',
      ],
      arguments: [at(0, 'command')],
    },
    { kind: 'argument', paths: ['pexpect.spawn'], arguments: [at(1, 'args')] },
    { kind: 'argument', paths: ['sh.*'], arguments: '*' },
    { kind: 'program', on: 'key', paths: ['plumbum.local'] },
    // A line that is typed into a shell is a script.
    { kind: 'argument', paths: ['pexpect.spawn.sendline', 'pexpect.spawn.send'], arguments: [at(0, 's')] },
    // https://docs.openstack.org/oslo.concurrency/latest/reference/processutils.html
    { kind: 'shell', paths: ['oslo_concurrency.processutils.execute'], arguments: [at(0)], when: [SHELL] },
    {
      kind: 'program',
      paths: ['oslo_concurrency.processutils.execute'],
      arguments: [at(0)],
      when: [NO_SHELL],
    },
    {
      kind: 'argument',
      paths: ['oslo_concurrency.processutils.execute'],
      arguments: [at(1), ...REST],
      when: [NO_SHELL],
    },
    // A task's command is run by Bash: https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/bash.html
    {
      kind: 'shell',
      paths: [
        'airflow.operators.bash.BashOperator',
        'airflow.operators.bash_operator.BashOperator',
        'airflow.providers.standard.operators.bash.BashOperator',
      ],
      arguments: [named('bash_command')],
    },
  ],
  sanitizers: [
    {
      paths: [
        'shlex.quote',
        'pipes.quote',
        'six.moves.shlex_quote',
        'shlex.join',
        'oslo_concurrency.processutils.shlex_quote',
      ],
      kinds: ['shell', 'remote-command'],
    },
    // The program is the first word, which a list nearly always writes itself; for a shell it quotes nothing.
    { paths: ['subprocess.list2cmdline'], kinds: ['program'] },
  ],
  propagators: [
    {
      paths: [
        'shlex.split',
        'shlex.shlex',
        'shlex.quote',
        'pipes.quote',
        'shlex.join',
        'subprocess.list2cmdline',
      ],
    },
  ],
  sources: [
    {
      on: 'call',
      paths: ['subprocess.check_output', 'subprocess.getoutput'],
      level: 'local',
      what: 'the output of a program',
    },
    {
      on: 'read',
      paths: ['subprocess.CompletedProcess.stdout', 'subprocess.CompletedProcess.stderr'],
      level: 'local',
      what: 'the output of a program',
    },
  ],
};
