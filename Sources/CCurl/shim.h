// Swift cannot call variadic C functions: these wrappers fix the type of the last argument, one
// function per type that libcurl's options take.
#ifndef CIVSYNC_CCURL_SHIM_H
#define CIVSYNC_CCURL_SHIM_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

// PROTOCOLS_STR came with 7.85; QUICK_EXIT, the youngest option used here, with 7.87.
#if LIBCURL_VERSION_NUM < 0x075700
#error "civsync needs libcurl 7.87 or newer"
#endif

typedef size_t (*civ_bytes_callback)(char *bytes, size_t size, size_t count, void *context);
typedef int (*civ_prereq_callback)(void *context, char *peer_ip, char *local_ip, int peer_port,
                                   int local_port);

static inline CURLcode civ_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

static inline CURLcode civ_easy_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode civ_easy_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode civ_easy_set_text(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode civ_easy_set_body(CURL *easy, const void *bytes, curl_off_t count) {
  CURLcode result = curl_easy_setopt(easy, CURLOPT_POST, 1L);
  if (result == CURLE_OK)
    result = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, count);
  // The size comes first: it tells how many bytes the next call copies.
  if (result == CURLE_OK)
    result = curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
  return result;
}

static inline CURLcode civ_easy_set_headers(CURL *easy, struct curl_slist *list) {
  return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
}

static inline CURLcode civ_easy_set_error_buffer(CURL *easy, char *buffer) {
  return curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, buffer);
}

static inline CURLcode civ_easy_set_header_callback(CURL *easy, civ_bytes_callback callback,
                                                    void *context) {
  CURLcode result = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, callback);
  return result == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_HEADERDATA, context) : result;
}

static inline CURLcode civ_easy_set_body_callback(CURL *easy, civ_bytes_callback callback,
                                                  void *context) {
  CURLcode result = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, callback);
  return result == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_WRITEDATA, context) : result;
}

static inline CURLcode civ_easy_set_prereq_callback(CURL *easy, civ_prereq_callback callback,
                                                    void *context) {
  CURLcode result = curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
  return result == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_PREREQDATA, context) : result;
}

static inline CURLcode civ_easy_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode civ_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

// The next transfer that ended, or NULL when there is none.
static inline CURL *civ_multi_next_ended(CURLM *multi, CURLcode *result) {
  int left = 0;
  CURLMsg *message;
  while ((message = curl_multi_info_read(multi, &left)) != NULL) {
    if (message->msg == CURLMSG_DONE) {
      *result = message->data.result;
      return message->easy_handle;
    }
  }
  return NULL;
}

static inline CURLcode civ_easy_get_long(CURL *easy, CURLINFO info, long *value) {
  return curl_easy_getinfo(easy, info, value);
}

// Waits for either of two multi handles. Wake-ups come through the first; the second may have a few
// connections alone, for which the sets of select(2) are wide enough.
static inline CURLMcode civ_multi_wait_both(CURLM *first, CURLM *second, int milliseconds) {
  enum { most = 128 };
  struct curl_waitfd extra[most];
  unsigned int count = 0;
  fd_set reading, writing, failing;
  int highest = -1, ready = 0;
  long timeout = -1;
  FD_ZERO(&reading);
  FD_ZERO(&writing);
  FD_ZERO(&failing);
  CURLMcode result = curl_multi_fdset(second, &reading, &writing, &failing, &highest);
  if (result == CURLM_OK)
    result = curl_multi_timeout(second, &timeout);
  if (result != CURLM_OK)
    return result;
  for (int fd = 0; fd <= highest && count < most; fd++) {
    short events = (FD_ISSET(fd, &reading) ? CURL_WAIT_POLLIN : 0) |
                   (FD_ISSET(fd, &writing) ? CURL_WAIT_POLLOUT : 0);
    if (events)
      extra[count++] = (struct curl_waitfd){.fd = fd, .events = events};
  }
  if (timeout >= 0 && timeout < milliseconds)
    milliseconds = (int)timeout;
  return curl_multi_poll(first, extra, count, milliseconds, &ready);
}

#endif
