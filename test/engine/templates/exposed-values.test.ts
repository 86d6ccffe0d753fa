import { exposedValues } from '../../../src/engine/templates/exposed-values.ts';

/** `exposure: expression` of each exposed value. */
function exposed(source: string): string[] {
  return exposedValues(source).map(({ exposure, expression }) => `${exposure}: ${expression}`);
}

describe('exposed values of templates', () => {
  test('values that are not escaped', () => {
    expect(exposed('<p>{{ name|safe }} {{ name }} {{ text | upper | safe }}</p>')).toEqual([
      'unescaped: name|safe',
      'unescaped: text | upper | safe',
    ]);
  });

  test('blocks without escaping', () => {
    const source =
      '{% autoescape off %}{{ a }}{% autoescape true %}{{ b }}{% endautoescape %}{{ c|e }}{%- endautoescape -%}{{ d }}';
    expect(exposed(source)).toEqual(['unescaped: a']);
    expect(exposed('{% autoescape false %}{{ a }}{% endautoescape %}')).toEqual(['unescaped: a']);
  });

  test('attributes without quotes', () => {
    expect(exposed('<input type="number" value={{ a }} id="{{ b }}" class=x-{{ c }}>')).toEqual([
      'unquoted: a',
      'unquoted: c',
    ]);
    expect(exposed("<input value='{{ a }}'> size={{ b }}")).toEqual([]);
  });

  test('addresses', () => {
    expect(exposed('<a href="{{ a.url }}">{{ a.url }}</a> <img src="/img/{{ b }}">')).toEqual([
      'address: a.url',
    ]);
    expect(
      exposed(
        '<a href="{{ url_for(\'x\') }}"></a><a href="{{ a.get_absolute_url }}"></a><a href="https://{{ host }}/">',
      ),
    ).toEqual([]);
  });

  test('scripts', () => {
    expect(
      exposed('<script>let a = {{ a }}, b = {{ b|tojson }};</script>{{ c }}<b onclick="f(\'{{ d }}\')">'),
    ).toEqual(['script: a', 'script: d']);
  });

  test('comments, numbers and tokens', () => {
    expect(
      exposed('{# {{ a|safe }} #}<b width={{ loop.index }} x={{ 3 }} y={{ n|int }}>{{ csrf_token()|safe }}'),
    ).toEqual([]);
  });

  test('where it stands', () => {
    const source = '<p>\n{{ name|safe }}</p>';
    const [value] = exposedValues(source);
    expect(value).toMatchObject({ name: 'name', tag: '{{ name|safe }}', start: 4 });
  });
});
