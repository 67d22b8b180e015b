#pragma once
#include <curl/curl.h>

/* curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt are variadic. */
static inline CURLcode opslab_curl_set_long(CURL *h, CURLoption o, long v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode opslab_curl_set_string(CURL *h, CURLoption o, const char *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode opslab_curl_set_pointer(CURL *h, CURLoption o, void *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode opslab_curl_set_list(CURL *h, struct curl_slist *v) {
  return curl_easy_setopt(h, CURLOPT_HTTPHEADER, v);
}
/* Where connections are made to, as HOST:PORT:PLACE:PORT; the list has to live as long as the handle. */
static inline CURLcode opslab_curl_set_places(CURL *h, struct curl_slist *v) {
  return curl_easy_setopt(h, CURLOPT_CONNECT_TO, v);
}
static inline CURLcode opslab_curl_set_body(CURL *h, const void *bytes, curl_off_t count) {
  curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, count);
  return curl_easy_setopt(h, CURLOPT_COPYPOSTFIELDS, bytes);
}
typedef size_t (*opslab_curl_sink)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode opslab_curl_set_write(CURL *h, opslab_curl_sink sink, void *context) {
  curl_easy_setopt(h, CURLOPT_WRITEDATA, context);
  return curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, sink);
}
static inline CURLcode opslab_curl_set_header(CURL *h, opslab_curl_sink sink, void *context) {
  curl_easy_setopt(h, CURLOPT_HEADERDATA, context);
  return curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, sink);
}
static inline long opslab_curl_status(CURL *h) {
  long status = 0;
  curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
  return status;
}
/* How much of the request went out: 0 means that the server has seen nothing of it. */
static inline long opslab_curl_request_size(CURL *h) {
  long size = 0;
  curl_easy_getinfo(h, CURLINFO_REQUEST_SIZE, &size);
  return size;
}
static inline CURLMcode opslab_curl_multi_set_long(CURLM *h, CURLMoption o, long v) {
  return curl_multi_setopt(h, o, v);
}
/* Plain HTTP only: a URL must never name a file or another protocol. */
static inline CURLcode opslab_curl_allow_http_only(CURL *h) {
  return curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http");
}
static inline CURLcode opslab_curl_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
static inline size_t opslab_curl_pause(void) { return CURL_WRITEFUNC_PAUSE; }
static inline CURLcode opslab_curl_continue(CURL *h) { return curl_easy_pause(h, CURLPAUSE_CONT); }

/* CURLMsg holds a union; hand out the result only. */
static inline int opslab_curl_next_done(CURLM *multi, CURL **handle, CURLcode *result) {
  int left;
  CURLMsg *message;
  while ((message = curl_multi_info_read(multi, &left)))
    if (message->msg == CURLMSG_DONE) {
      *handle = message->easy_handle;
      *result = message->data.result;
      return 1;
    }
  return 0;
}
