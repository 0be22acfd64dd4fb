// Clients of Event Hubs and of the checkpoint store, by shared access signature or by Entra ID, whichever is set.

import { EventHubConsumerClient, EventHubProducerClient, RetryMode } from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { DefaultAzureCredential } from '@azure/identity';
import { ContainerClient } from '@azure/storage-blob';

import { boundCredit } from './credit.js';

// A certificate, a secret, a workload's or the machine's own identity, whichever the environment names.
const credential = (place) => new DefaultAzureCredential({ disableInstanceDiscovery: place.privateAuthority });

// Where the hub is reached under another address than its name: a private endpoint, a gateway.
const endpoint = (place) => (place.endpoint ? { customEndpointAddress: place.endpoint } : {});

/** Sends to the hub; gives up after `timeoutInMs` a try and `maxRetries` more tries. */
export function producer(place, retryOptions) {
  const options = { retryOptions, ...endpoint(place) };
  return place.namespace
    ? new EventHubProducerClient(place.namespace, place.hub, credential(place), options)
    : new EventHubProducerClient(place.connectionString, place.hub, options);
}

/** Where the readers of a hub keep how far they are and who reads what. */
export function checkpointStore(container) {
  return new BlobCheckpointStore(container);
}

/** Reads the hub as one of a consumer group, sharing its partitions with the others by way of `store`. */
export function consumer(place, group, store, balance) {
  boundCredit();
  const options = {
    loadBalancingOptions: {
      strategy: 'greedy',
      updateIntervalInMs: balance.balanceMilliseconds,
      partitionOwnershipExpirationIntervalInMs: balance.ownershipMilliseconds,
    },
    // The library's own pause between tries is 30 s.
    retryOptions: {
      mode: RetryMode.Exponential,
      maxRetries: 5,
      retryDelayInMs: 300,
      maxRetryDelayInMs: 5000,
      timeoutInMs: balance.hubMilliseconds,
    },
    ...endpoint(place),
  };
  return place.namespace
    ? new EventHubConsumerClient(group, place.namespace, place.hub, credential(place), store, options)
    : new EventHubConsumerClient(group, place.connectionString, place.hub, store, options);
}

/** The container of the checkpoints. */
export function checkpointContainer(place) {
  return place.url
    ? new ContainerClient(place.url, credential(place))
    : new ContainerClient(place.connectionString, place.container);
}
