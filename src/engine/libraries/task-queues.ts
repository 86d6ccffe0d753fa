import { at, type Library, named } from './library.ts';

/**
 * Queues of tasks and messages. What is put into them was seen before by the code that put it there, so their input
 * is `stored`: dangerous only where storage is no excuse, as for executing formats.
 */
export const taskQueues: Library = {
  name: 'Celery, RQ, Dramatiq, Huey, Kafka, RabbitMQ, Redis, MQTT',
  docs: 'https://docs.celeryq.dev/en/stable/userguide/tasks.html',
  aliases: {
    'kafka.consumer.KafkaConsumer': 'kafka.KafkaConsumer',
    'confluent_kafka.cimpl.Message': 'confluent_kafka.Message',
  },
  returns: {
    'confluent_kafka.Consumer.poll': 'confluent_kafka.Message',
    'pika.BlockingConnection.channel': 'pika.channel.Channel',
    'redis.Redis.pubsub': 'redis.client.PubSub',
  },
  elements: {
    'kafka.KafkaConsumer': 'kafka.ConsumerRecord',
    'aiokafka.AIOKafkaConsumer': 'kafka.ConsumerRecord',
  },
  sources: [
    {
      on: 'read',
      paths: ['kafka.ConsumerRecord.value', 'kafka.ConsumerRecord.key', 'kafka.ConsumerRecord.headers'],
      level: 'stored',
      what: 'a message of a queue',
    },
    {
      on: 'call',
      paths: [
        'confluent_kafka.Message.value',
        'confluent_kafka.Message.key',
        'redis.client.PubSub.get_message',
        'redis.client.PubSub.listen',
      ],
      level: 'stored',
      what: 'a message of a queue',
    },
    {
      on: 'read',
      paths: [
        'aio_pika.IncomingMessage.body',
        'aio_pika.abc.AbstractIncomingMessage.body',
        'kombu.Message.body',
        'kombu.message.Message.payload',
        'paho.mqtt.client.MQTTMessage.payload',
        'paho.mqtt.client.MQTTMessage.topic',
        'google.cloud.pubsub_v1.subscriber.message.Message.data',
      ],
      level: 'stored',
      what: 'a message of a queue',
    },
  ],
  handlers: [
    {
      // https://eclipse.dev/paho/files/paho.mqtt.python/html/client.html
      what: 'MQTT callback',
      level: 'stored',
      written: [{ name: /^_?on_message$/, parameters: [/client/, /^_?user_?data$/, /^(msg|message)$/] }],
      parameters: [{ at: at(2), type: 'paho.mqtt.client.MQTTMessage' }],
      others: 'none',
    },
    {
      what: 'STOMP listener',
      level: 'stored',
      classes: ['stomp.ConnectionListener'],
      methods: ['on_message'],
      others: 'tainted',
      othersWhat: 'a message of a queue',
    },
    {
      what: 'Celery task',
      level: 'stored',
      decorators: [
        'celery.Celery.task',
        'celery.shared_task',
        'celery.task',
        'celery.app.task',
        'celery.decorators.task',
        'rq.job',
        'rq.decorators.job',
        'dramatiq.actor',
        'huey.Huey.task',
        'huey.RedisHuey.task',
        'arq.func',
        'procrastinate.App.task',
        'taskiq.AsyncBroker.task',
      ],
      others: 'tainted',
      othersWhat: 'an argument of the task',
    },
    {
      what: 'message consumer',
      level: 'stored',
      registeredBy: [
        {
          paths: [
            'pika.channel.Channel.basic_consume',
            'pika.adapters.blocking_connection.BlockingChannel.basic_consume',
          ],
          argument: at(1, 'on_message_callback'),
        },
        { paths: ['google.cloud.pubsub_v1.SubscriberClient.subscribe'], argument: at(1, 'callback') },
      ],
      decorators: [
        'faust.App.agent',
        'faststream.rabbit.RabbitBroker.subscriber',
        'faststream.kafka.KafkaBroker.subscriber',
      ],
      parameters: [
        { at: named('ch'), type: 'pika.channel.Channel' },
        { at: named('channel'), type: 'pika.channel.Channel' },
        { at: named('method'), type: 'pika.spec.Basic.Deliver' },
      ],
      others: 'tainted',
      othersWhat: 'a message of a queue',
    },
  ],
};
