import { analyseFiles, plain } from './support.ts';

function practices(code: string): string[] {
  return analyseFiles({ 'test_app.py': code }).practices.map(
    ({ aspect, location, text }) => `${location.startLine} ${aspect}: ${plain(text)}`,
  );
}

test('clean-up, isolation and expected exceptions of a test', () => {
  const code = `
class ServerTest(TestCase):
    def setUp(self):
        self.useFixture(fixtures.MockPatch('os.rename'))
        image.stub_out_image_service(self)
        self.addCleanup(image.reset)

    def test_resize(self):
        self.assertRaises(NoValidHost, self.api.resize, 'a')
        with pytest.raises(ValueError):
            self.api.resize(None)
`;
  expect(practices(code)).toEqual([
    "4 isolation: `self.useFixture(fixtures.MockPatch('os.rename'))` isolates the test",
    '5 isolation: `image.stub_out_image_service(self)` isolates the test',
    '6 resources: `self.addCleanup(image.reset)` registers the clean-up',
    '9 errors: `NoValidHost` is expected and checked (`assertRaises`)',
    '10 errors: `ValueError` is expected and checked (`raises`)',
  ]);
});

test('parameters, releases and escaping', () => {
  const code = `
import html

def show(cursor, path, name):
    cursor.execute('SELECT * FROM t WHERE n = %s', (name,))
    cursor.execute('SELECT * FROM t WHERE n = %s' % name)
    connection = connect()
    try:
        with open(path) as file:
            return html.escape(file.read())
    finally:
        connection.close()
`;
  expect(practices(code)).toEqual([
    '5 injection: `cursor.execute` binds its values as parameters',
    '9 resources: `open(path)` is closed by `with`',
    '10 injection: `html.escape(file.read())` escapes text for HTML',
    '12 resources: `connection.close()` stands in `finally`',
  ]);
});
