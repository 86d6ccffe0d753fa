import { Place, run, VULNERABLE } from './run.ts';

const place = new Place();
afterAll(place.remove);
beforeAll(() => place.write({ 'shop/search.py': VULNERABLE }));

const debugFlow = (where: string) => run(['scan', '--debug-flow', where], { directory: place.root });

test('tells the value of each expression at a line, and where the outside input in it came from', async () => {
  const { code, stdout } = await debugFlow('shop/search.py:6');
  expect(code).toBe(0);
  expect(stdout).toContain('shop/search.py:6');
  expect(stdout).toMatch(/carries remote: a query parameter of the request/);
  expect(stdout).toMatch(/may not reach: .*sql/);
});

test('a line where nothing is evaluated says so', async () => {
  const { code, stdout } = await debugFlow('shop/search.py:3');
  expect(code).toBe(0);
  expect(stdout).toContain('Nothing at this line is evaluated');
});

test.each([
  ['shop/search.py', /takes FILE:LINE/],
  ['shop/search.py:900', /there is no line 900/],
  ['shop:1', /is a directory/],
  ['shop/gone.py:1', /shop\/gone\.py/],
])('%s is refused with an explanation', async (where, message) => {
  const { code, stderr } = await debugFlow(where);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
