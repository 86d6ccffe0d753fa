import { at, type Library, named } from './library.ts';

const REQUEST = 'rest_framework.request.Request';
/** What a serializer is given for one field, and for all of them. */
const FIELD_VALUE = 'rest_framework.serializers.FieldValue';
const FIELD_VALUES = 'rest_framework.serializers.FieldValues';

/** Django REST framework and Django Ninja. What their views return is rendered as JSON unless a renderer says otherwise. */
export const djangoRestFramework: Library = {
  name: 'Django REST framework, Django Ninja',
  docs: 'https://www.django-rest-framework.org/api-guide/requests/',
  bases: {
    [REQUEST]: ['django.http.HttpRequest'],
    'rest_framework.generics.GenericAPIView': ['rest_framework.views.APIView'],
    'rest_framework.generics.ListAPIView': ['rest_framework.generics.GenericAPIView'],
    'rest_framework.generics.CreateAPIView': ['rest_framework.generics.GenericAPIView'],
    'rest_framework.generics.RetrieveAPIView': ['rest_framework.generics.GenericAPIView'],
    'rest_framework.generics.UpdateAPIView': ['rest_framework.generics.GenericAPIView'],
    'rest_framework.generics.DestroyAPIView': ['rest_framework.generics.GenericAPIView'],
    'rest_framework.generics.ListCreateAPIView': ['rest_framework.generics.GenericAPIView'],
    'rest_framework.generics.RetrieveUpdateAPIView': ['rest_framework.generics.GenericAPIView'],
    'rest_framework.generics.RetrieveDestroyAPIView': ['rest_framework.generics.GenericAPIView'],
    'rest_framework.generics.RetrieveUpdateDestroyAPIView': ['rest_framework.generics.GenericAPIView'],
    'rest_framework.viewsets.ViewSet': ['rest_framework.views.APIView'],
    'rest_framework.viewsets.GenericViewSet': ['rest_framework.generics.GenericAPIView'],
    'rest_framework.viewsets.ReadOnlyModelViewSet': ['rest_framework.viewsets.GenericViewSet'],
    'rest_framework.viewsets.ModelViewSet': ['rest_framework.viewsets.GenericViewSet'],
    'rest_framework.serializers.ModelSerializer': ['rest_framework.serializers.Serializer'],
    'rest_framework.response.Response': ['django.http.HttpResponseBase'],
  },
  attributes: {
    [`${REQUEST}.FILES`]: 'django.utils.datastructures.UploadedFiles',
    'rest_framework.views.APIView.request': REQUEST,
  },
  sources: [
    // https://www.django-rest-framework.org/api-guide/serializers/: values of fields that the serializer names.
    {
      on: 'read',
      paths: [FIELD_VALUE, FIELD_VALUES],
      level: 'remote',
      what: 'a field of the request',
      marks: ['mass-assignment', 'attribute'],
    },
    {
      on: 'read',
      paths: [`${REQUEST}.data`, `${REQUEST}.DATA`],
      level: 'remote',
      what: 'the body of the request',
      marks: ['json'],
    },
    {
      on: 'read',
      paths: [`${REQUEST}.query_params`, `${REQUEST}.QUERY_PARAMS`],
      level: 'remote',
      what: 'a query parameter of the request',
    },
    { on: 'read', paths: ['rest_framework.views.APIView.kwargs'], level: 'remote', what: 'a path parameter' },
    {
      on: 'read',
      paths: ['rest_framework.serializers.Serializer.validated_data'],
      level: 'remote',
      what: 'a field of the request',
      marks: ['mass-assignment', 'attribute'],
    },
    {
      on: 'read',
      paths: ['rest_framework.serializers.Serializer.initial_data'],
      level: 'remote',
      what: 'the body of the request',
      marks: ['json'],
    },
  ],
  sinks: [{ kind: 'response', paths: ['rest_framework.response.Response'], arguments: [at(0, 'data')] }],
  propagators: [
    {
      paths: ['rest_framework.serializers.Serializer.validated_data', FIELD_VALUES].flatMap((data) => [
        `${data}.get`,
        `${data}.pop`,
      ]),
      from: 'receiver',
    },
  ],
  handlers: [
    {
      what: 'Django REST framework view',
      level: 'remote',
      decorators: [
        'rest_framework.decorators.api_view',
        'rest_framework.decorators.action',
        'rest_framework.decorators.detail_route',
        'rest_framework.decorators.list_route',
      ],
      parameters: [{ at: at(0, 'request'), type: REQUEST }],
      others: 'tainted',
      othersWhat: 'a path parameter',
      returns: 'response',
    },
    {
      what: 'Django REST framework view',
      level: 'remote',
      classes: ['rest_framework.views.APIView'],
      methods: [
        'get',
        'post',
        'put',
        'patch',
        'delete',
        'head',
        'options',
        'list',
        'create',
        'retrieve',
        'update',
        'partial_update',
        'destroy',
        'dispatch',
        'initial',
      ],
      parameters: [{ at: at(0, 'request'), type: REQUEST }],
      others: 'tainted',
      othersWhat: 'a path parameter',
      returns: 'response',
    },
    {
      what: 'Django REST framework view',
      level: 'remote',
      classes: ['rest_framework.generics.GenericAPIView'],
      methods: ['perform_create', 'perform_update'],
      parameters: [
        {
          at: at(0, 'serializer'),
          type: 'rest_framework.serializers.Serializer',
          heldBy: 'serializer_class',
        },
      ],
      others: 'none',
    },
    {
      what: 'Django REST framework serializer',
      level: 'remote',
      classes: ['rest_framework.serializers.Serializer'],
      methods: ['create', 'update', 'validate'],
      parameters: [
        { at: named('validated_data'), type: FIELD_VALUES },
        { at: named('attrs'), type: FIELD_VALUES },
      ],
      others: 'none',
    },
    {
      what: 'Django REST framework serializer',
      level: 'remote',
      classes: ['rest_framework.serializers.Serializer'],
      methods: ['validate_*'],
      parameters: [{ at: at(0, 'value'), type: FIELD_VALUE }],
      others: 'none',
    },
    {
      what: 'Django Ninja operation',
      level: 'remote',
      decorators: ['ninja.NinjaAPI', 'ninja.Router', 'ninja_extra.NinjaExtraAPI'].flatMap((app) =>
        ['get', 'post', 'put', 'patch', 'delete', 'api_operation'].map((method) => `${app}.${method}`),
      ),
      parameters: [{ at: at(0, 'request'), type: 'django.http.HttpRequest' }],
      others: 'tainted',
      othersWhat: 'a parameter of the request',
      returns: 'response',
    },
  ],
};
