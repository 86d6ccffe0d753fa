import { analyseFiles } from '../support.ts';

const HEAD = `import os
from django import forms
from rest_framework import serializers
class F(forms.Form):
    name = forms.CharField()
    count = forms.IntegerField()
    kind = forms.ChoiceField(choices=[('a', 'b')])
class S(serializers.Serializer):
    name = serializers.CharField()
    count = serializers.IntegerField()
    code = serializers.CharField()
    title = serializers.CharField()
    def validate_code(self, value):
        if not value.isalnum():
            raise serializers.ValidationError('letters and digits')
        return value
    def validate_title(self, value):
        if not value:
            raise serializers.ValidationError('empty')
        return value
def view(request):
    form = F(request.POST)
    checked = S(data=request.POST)
`;

test.each([
  ["form.cleaned_data['name']", true],
  ["form.cleaned_data.get('name')", true],
  ["form.cleaned_data['count']", false],
  ["form.cleaned_data.get('kind')", false],
  ["form.cleaned_data['unknown']", true],
  ["checked.validated_data['name']", true],
  ["checked.validated_data['count']", false],
  ["checked.validated_data['code']", false],
  ["checked.validated_data['title']", true],
  // A row that the field chose: what it holds is the database's.
  ["form.cleaned_data['ticket'].queue.slug", false],
  ["form.cleaned_data.get('ticket').title", false],
  ["checked.validated_data['ticket'].title", false],
  ["form.cleaned_data['ticket'].strip()", true],
  ["form.cleaned_data['upload'].name", true],
])('%s carries text of the request: %s', (expression, carries) => {
  const { findings } = analyseFiles({ 'app.py': `${HEAD}    os.system('x ' + str(${expression}))\n` });
  expect(findings.some((finding) => finding.ruleId === 'os-command-injection')).toBe(carries);
});

test.each([
  ["data['name']", true],
  ["data['count']", false],
  ["data.get('kind')", false],
  ["data['ticket'].title", false],
])('of checked data that is kept under a name, %s carries text of the request: %s', (expression, carries) => {
  const { findings } = analyseFiles({
    'app.py': `${HEAD}    data = form.cleaned_data\n    os.system('x ' + str(${expression}))\n`,
  });
  expect(findings.some((finding) => finding.ruleId === 'os-command-injection')).toBe(carries);
});

test('a row that a field chose stays one in functions that it is passed to', () => {
  const { findings } = analyseFiles({
    'app.py': `${HEAD}    notify(form.cleaned_data['ticket'])\ndef notify(ticket):\n    os.system('x ' + ticket.queue.slug)\n`,
  });
  expect(findings.map((finding) => finding.ruleId)).not.toContain('os-command-injection');
});

test.each([
  ["validated_data['name']", true],
  ["validated_data.pop('name')", true],
  ["validated_data['name'].strip()", true],
  ["validated_data['count']", false],
  ["validated_data['ticket'].title", false],
  ["validated_data.get('ticket').title", false],
  ["validated_data.pop('ticket').title", false],
])('%s in a method of a serializer carries text of the request: %s', (expression, carries) => {
  const { findings } = analyseFiles({
    'app.py': `${HEAD}    pass\nclass T(S):\n    def create(self, validated_data):\n        os.system('x ' + str(${expression}))\n`,
  });
  expect(findings.some((finding) => finding.ruleId === 'os-command-injection')).toBe(carries);
});
