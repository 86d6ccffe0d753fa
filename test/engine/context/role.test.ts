import { roleOf } from '../../../src/engine/context/role.ts';
import type { FileRole } from '../../../src/engine/project.ts';

test.each<[FileRole, string]>([
  ['vendored', 'lib/requests/sessions.py'],
  ['vendored', 'ext/six.py'],
  ['vendored', 'app/_vendor/attr/core.py'],
  ['production', 'lib/ansible/modules/file.py'],
  ['production', 'sphinx/ext/autodoc.py'],
  ['test', 'src/borg/testsuite/archiver.py'],
  ['test', 'tests/test_api.py'],
  ['example', 'docs/snippets/app.py'],
  ['migration', 'shop/migrations/0001_initial.py'],
  ['settings', 'shop/settings.py'],
  ['command', 'manage.py'],
])('%s: %s', (role, path) => {
  expect(roleOf(path, 'import os\n')).toBe(role);
});
