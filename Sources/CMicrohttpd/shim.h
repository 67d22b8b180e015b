#pragma once
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Where libmicrohttpd's own messages go: Swift cannot read a va_list. */
struct opslab_mhd_sink {
  void (*write)(void *context, const char *line);
  void *context;
};

static inline void opslab_mhd_log(void *cls, const char *format, va_list arguments) {
  const struct opslab_mhd_sink *sink = cls;
  char line[512];
  vsnprintf(line, sizeof line, format, arguments);
  sink->write(sink->context, line);
}

/* Escapes reach us as they were sent: the library would turn %2F into a slash and cut the path at %00. */
static inline size_t opslab_mhd_keep_escapes(void *cls, struct MHD_Connection *connection, char *text) {
  (void) cls;
  (void) connection;
  return text ? strlen(text) : 0;
}

struct opslab_mhd_settings {
  int listener;
  unsigned threads;
  unsigned silence_seconds;
  unsigned connection_limit;
  size_t connection_memory;
};

struct opslab_mhd_callbacks {
  void *context;
  MHD_AcceptPolicyCallback admit;
  MHD_AccessHandlerCallback access;
  MHD_RequestCompletedCallback completed;
  MHD_NotifyConnectionCallback notify;
  void *(*target_seen)(void *context, const char *target, struct MHD_Connection *connection);
};

/* MHD_start_daemon is variadic. The logger stands first, or messages about later options escape it. */
static inline struct MHD_Daemon *opslab_mhd_start(struct opslab_mhd_settings s, struct opslab_mhd_callbacks c,
                                                  struct opslab_mhd_sink *sink) {
  return MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG, 0, c.admit, c.context,
      c.access, c.context,
      MHD_OPTION_EXTERNAL_LOGGER, &opslab_mhd_log, sink,
      MHD_OPTION_LISTEN_SOCKET, (MHD_socket) s.listener,
      MHD_OPTION_NOTIFY_COMPLETED, c.completed, c.context,
      MHD_OPTION_NOTIFY_CONNECTION, c.notify, c.context,
      MHD_OPTION_URI_LOG_CALLBACK, c.target_seen, c.context,
      MHD_OPTION_CONNECTION_TIMEOUT, s.silence_seconds,
      MHD_OPTION_STRICT_FOR_CLIENT, 1,
      MHD_OPTION_UNESCAPE_CALLBACK, &opslab_mhd_keep_escapes, NULL,
      MHD_OPTION_CONNECTION_LIMIT, s.connection_limit,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, s.connection_memory,
      s.threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, s.threads,
      MHD_OPTION_END);
}

/* MHD_get_connection_info is variadic. */
static inline int opslab_mhd_descriptor(struct MHD_Connection *c) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? (int) info->connect_fd : -1;
}
static inline void *opslab_mhd_connection_context(struct MHD_Connection *c) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : NULL;
}

/* Closed C enumerations lose the names of their constants on the way to Swift. */
static inline enum MHD_Result opslab_mhd_yes(void) { return MHD_YES; }
static inline enum MHD_Result opslab_mhd_no(void) { return MHD_NO; }
static inline int opslab_mhd_is_yes(enum MHD_Result r) { return r == MHD_YES; }
static inline int opslab_mhd_is_started(enum MHD_ConnectionNotificationCode c) {
  return c == MHD_CONNECTION_NOTIFY_STARTED;
}
static inline int opslab_mhd_is_completed(enum MHD_RequestTerminationCode c) {
  return c == MHD_REQUEST_TERMINATED_COMPLETED_OK;
}

/* Macros with casts do not import. */
static inline ssize_t opslab_mhd_end_of_stream(void) { return MHD_CONTENT_READER_END_OF_STREAM; }
static inline ssize_t opslab_mhd_end_with_error(void) { return MHD_CONTENT_READER_END_WITH_ERROR; }

static inline struct MHD_Response *opslab_mhd_bytes(const void *bytes, size_t count) {
  return MHD_create_response_from_buffer(count, (void *) bytes, MHD_RESPMEM_MUST_COPY);
}
static inline struct MHD_Response *opslab_mhd_stream(size_t block, MHD_ContentReaderCallback read, void *context,
                                                     MHD_ContentReaderFreeCallback release) {
  return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, block, read, context, release);
}
static inline int opslab_mhd_headers(struct MHD_Connection *c, MHD_KeyValueIteratorN each, void *context) {
  return MHD_get_connection_values_n(c, MHD_HEADER_KIND, each, context);
}
