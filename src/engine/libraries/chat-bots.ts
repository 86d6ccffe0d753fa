import { at, type Library, named } from './library.ts';

/** Bots in chats: anybody who may write there sends them text. */
export const chatBots: Library = {
  name: 'Discord, Slack and Telegram bots',
  docs: 'https://docs.python-telegram-bot.org/en/stable/telegram.update.html',
  aliases: {
    'telegram.ext.ContextTypes.DEFAULT_TYPE': 'telegram.ext.CallbackContext',
    'aiogram.types.CallbackQuery': 'aiogram.types.Message',
  },
  attributes: {
    'telegram.Update.message': 'telegram.Message',
    'telegram.Update.effective_message': 'telegram.Message',
    'telegram.Update.edited_message': 'telegram.Message',
    'telegram.Message.document': 'telegram.Document',
    'telegram.Update.callback_query': 'telegram.CallbackQuery',
    'telegram.Update.inline_query': 'telegram.InlineQuery',
    'discord.ext.commands.Context.message': 'discord.Message',
  },
  sources: [
    {
      on: 'read',
      paths: [
        'telegram.Message.text',
        'telegram.Message.caption',
        'telegram.Document.file_name',
        'telegram.CallbackQuery.data',
        'telegram.InlineQuery.query',
        'telegram.ext.CallbackContext.args',
        'telebot.types.Message.text',
        'aiogram.types.Message.text',
        'aiogram.types.Message.caption',
        'aiogram.types.Message.data',
        'discord.Message.content',
      ],
      level: 'remote',
      what: 'a message of the chat',
    },
  ],
  handlers: [
    {
      what: 'Discord command',
      level: 'remote',
      decorators: [
        'discord.ext.commands.Bot.command',
        'discord.ext.commands.command',
        'discord.app_commands.CommandTree.command',
        'discord.app_commands.command',
      ],
      parameters: [
        { at: named('ctx'), type: 'discord.ext.commands.Context' },
        { at: named('interaction'), type: 'discord.Interaction' },
      ],
      others: 'tainted',
      othersWhat: 'an argument of the chat command',
    },
    {
      // https://discordpy.readthedocs.io/en/stable/api.html#discord.on_message
      what: 'Discord event',
      level: 'remote',
      decorators: ['discord.Client.event', 'discord.ext.commands.Bot.event'],
      classes: ['discord.Client', 'discord.ext.commands.Bot'],
      methods: ['on_message'],
      parameters: [{ at: at(0, 'message'), type: 'discord.Message' }],
      others: 'none',
    },
    {
      // https://docs.python-telegram-bot.org/en/stable/telegram.ext.handlers-tree.html
      what: 'Telegram handler',
      level: 'remote',
      registeredBy: [
        {
          paths: ['telegram.ext.CommandHandler', 'telegram.ext.MessageHandler'],
          argument: at(1, 'callback'),
        },
        {
          paths: ['telegram.ext.CallbackQueryHandler', 'telegram.ext.InlineQueryHandler'],
          argument: at(0, 'callback'),
        },
      ],
      parameters: [
        { at: at(0), type: 'telegram.Update' },
        { at: at(1), type: 'telegram.ext.CallbackContext' },
      ],
      others: 'none',
    },
    {
      // https://docs.aiogram.dev/en/latest/dispatcher/router.html
      what: 'Telegram handler',
      level: 'remote',
      decorators: ['aiogram.Router', 'aiogram.Dispatcher'].flatMap((router) =>
        ['message', 'edited_message', 'callback_query', 'inline_query'].map((event) => `${router}.${event}`),
      ),
      parameters: [{ at: at(0), type: 'aiogram.types.Message' }],
      others: 'none',
    },
    {
      // https://pytba.readthedocs.io/en/latest/quick_start.html
      what: 'Telegram handler',
      level: 'remote',
      decorators: ['telebot.TeleBot.message_handler', 'telebot.async_telebot.AsyncTeleBot.message_handler'],
      parameters: [{ at: at(0), type: 'telebot.types.Message' }],
      others: 'none',
    },
    {
      what: 'Slack handler',
      level: 'remote',
      decorators: [
        'slack_bolt.App.event',
        'slack_bolt.App.message',
        'slack_bolt.App.command',
        'slack_bolt.App.action',
        'slack_bolt.async_app.AsyncApp.event',
        'slack_bolt.async_app.AsyncApp.command',
      ],
      parameters: [
        { at: named('say'), type: 'slack_bolt.Say' },
        { at: named('ack'), type: 'slack_bolt.Ack' },
        { at: named('client'), type: 'slack_sdk.WebClient' },
        { at: named('logger'), type: 'logging.Logger' },
        { at: named('respond'), type: 'slack_bolt.Respond' },
        { at: named('context'), type: 'slack_bolt.BoltContext' },
      ],
      others: 'tainted',
      othersWhat: 'an event of the chat',
    },
  ],
};
