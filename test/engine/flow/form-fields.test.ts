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
])('%s carries text of the request: %s', (expression, carries) => {
  const { findings } = analyseFiles({ 'app.py': `${HEAD}    os.system('x ' + str(${expression}))\n` });
  expect(findings.some((finding) => finding.ruleId === 'os-command-injection')).toBe(carries);
});
