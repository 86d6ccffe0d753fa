import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import type { FlowView } from './views.ts';

export const promptInjection: Rule = {
  id: 'prompt-injection',
  title: 'Outside input in the instructions of a language model',
  cwe: [1427],
  aspect: 'injection',
  kind: 'advisory',
  severity: 'medium',
  rows: [24],
  summary:
    'Outside input that becomes part of the system prompt or the instructions of a language model: OpenAI, Anthropic, the Agents SDK, LangChain, Google, PydanticAI. Input as the message of the user is how these models are used, and fine.',
  why: 'The model treats instructions as its owner’s word: whoever writes part of them can lift the limits the rest sets, use the tools of the model, or read what it was told in confidence.',
  fix: 'Keep the instructions constant and give outside text as a message of the user, marked as data.',
  references: [
    'https://genai.owasp.org/llmrisk/llm01-prompt-injection/',
    'https://platform.openai.com/docs/guides/safety-best-practices',
  ],
  flow: {
    sinks: ['prompt'],
    levels: { remote: 'advisory' },
    message: (flow) =>
      text`${flow.origin} becomes part of the instructions of the model in ${calledAs(flow)}.`,
    fix: () => ({
      text: text`Keep the instructions constant and give the text as a message with the role ${code('user')}.`,
    }),
    accepts: isInInstructions,
  },
  examples: {
    bad: [
      {
        title: 'a system prompt with text of the client',
        code: `
from anthropic import Anthropic
from flask import Flask, request
from langchain_core.messages import SystemMessage
from openai import OpenAI

app = Flask(__name__)
openai = OpenAI()
anthropic = Anthropic()

@app.route('/chat', methods=['POST'])
def chat():
    persona = request.form['persona']
    openai.responses.create(model='gpt', instructions='You are ' + persona, input='Hello')  # report
    anthropic.messages.create(model='claude', max_tokens=10, system=f'You are {persona}', messages=[])  # report
    return SystemMessage('You are ' + persona).content  # report
`,
      },
    ],
    good: [
      {
        title: 'text of the client as its own message',
        code: `
from flask import Flask, request
from openai import OpenAI

app = Flask(__name__)
client = OpenAI()

@app.route('/chat', methods=['POST'])
def chat():
    question = request.form['question']
    answer = client.chat.completions.create(
        model='gpt',
        messages=[
            {'role': 'system', 'content': 'You answer questions about our shop.'},
            {'role': 'user', 'content': question},
        ],
    )
    return answer.choices[0].message.content
`,
      },
    ],
  },
};

/** Of a list of messages, only those of the system are instructions. */
function isInInstructions(flow: FlowView): boolean {
  const messages = flow.value.elements;
  if (!messages) return true;
  return messages.some((message) => {
    const role = message.entry('role')?.constant;
    return (
      (role === 'system' || role === 'developer') && message.entry('content')?.reaches('prompt') === true
    );
  });
}
