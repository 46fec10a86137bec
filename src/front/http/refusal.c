#include "front/http/refusal.h"

#include <assert.h>

#include "base/banned.h"

#define REFUSAL(status, reason, header, title, detail)                                                                 \
    {                                                                                                                  \
        status, S0(reason), S0(header),                                                                                \
            S0("{\"type\":\"about:blank\",\"title\":\"" title "\",\"status\":" #status ",\"detail\":\"" detail "\"}")  \
    }

const struct refusal_text *refusal_text(enum refusal r)
{
    static const struct refusal_text texts[REFUSAL_COUNT] = {
        [REFUSE_MALFORMED] = REFUSAL(400, "Bad Request", "", "Yêu cầu không đúng chuẩn HTTP (malformed request)",
                                     "Phần đầu của yêu cầu có ký tự hoặc dòng không hợp lệ."),
        [REFUSE_TARGET] =
            REFUSAL(400, "Bad Request", "", "Địa chỉ không hợp lệ (bad request target)",
                    "Địa chỉ phải là UTF-8, mã hóa phần trăm đúng, không có ký tự NUL, không có đoạn . hoặc .. và "
                    "không có dấu gạch chéo được mã hóa."),
        [REFUSE_LENGTHS] = REFUSAL(400, "Bad Request", "", "Độ dài của yêu cầu không rõ ràng (ambiguous length)",
                                   "Chỉ được có một Content-Length, và không cùng lúc với Transfer-Encoding."),
        [REFUSE_HOST] = REFUSAL(400, "Bad Request", "", "Tên máy chủ không rõ ràng (bad Host)",
                                "Yêu cầu phải có đúng một trường Host, trùng với địa chỉ."),
        [REFUSE_METHOD] =
            REFUSAL(405, "Method Not Allowed", "Allow: GET, HEAD, POST\r\n",
                    "Phương thức không được dùng ở đây (method not allowed)", "Máy chủ chỉ nhận GET, HEAD và POST."),
        [REFUSE_BODY] = REFUSAL(413, "Content Too Large", "", "Nội dung gửi lên quá lớn (content too large)",
                                "Hãy chia nhỏ nội dung rồi gửi lại."),
        [REFUSE_LONG_TARGET] = REFUSAL(414, "URI Too Long", "", "Địa chỉ quá dài (URI too long)",
                                       "Địa chỉ dài nhất là 8 KiB, nhiều nhất là 512 tham số."),
        [REFUSE_EXPECTATION] = REFUSAL(417, "Expectation Failed", "", "Không đáp ứng được Expect (expectation failed)",
                                       "Chỉ hiểu Expect: 100-continue."),
        [REFUSE_HEADERS] = REFUSAL(431, "Request Header Fields Too Large", "",
                                   "Phần đầu của yêu cầu quá lớn (header fields too large)",
                                   "Phần đầu dài nhất là 16 KiB, nhiều nhất là 128 trường."),
        [REFUSE_ANSWER] = REFUSAL(500, "Internal Server Error", "", "Máy chủ gặp lỗi (internal error)",
                                  "Câu trả lời được lập không hợp lệ nên không gửi đi."),
        [REFUSE_CODING] =
            REFUSAL(501, "Not Implemented", "", "Không hiểu cách mã hóa nội dung (transfer coding not implemented)",
                    "Chỉ hiểu Transfer-Encoding: chunked."),
        [REFUSE_VERSION] =
            REFUSAL(505, "HTTP Version Not Supported", "",
                    "Phiên bản HTTP không được dùng ở đây (version not supported)", "Chỉ hiểu HTTP/1.1 và HTTP/1.0."),
        [REFUSE_MEMORY] = REFUSAL(503, "Service Unavailable", "Retry-After: 5\r\n",
                                  "Không đủ bộ nhớ cho yêu cầu này (not enough memory)",
                                  "Hãy thu hẹp phạm vi yêu cầu hoặc thử lại sau."),
        [REFUSE_STOPPING] = REFUSAL(503, "Service Unavailable", "Retry-After: 5\r\n",
                                    "Máy chủ đang dừng (the server is stopping)", "Hãy thử lại sau ít phút."),
        [REFUSE_BUSY] = REFUSAL(503, "Service Unavailable", "Retry-After: 5\r\n",
                                "Máy chủ đang bận (the server is busy)", "Hãy thử lại sau ít phút."),
        [REFUSE_UNREADY] =
            REFUSAL(503, "Service Unavailable", "Retry-After: 5\r\n", "Máy chủ chưa sẵn sàng (the server is not ready)",
                    "Chưa mở được kho dữ liệu. Hãy thử lại sau ít phút."),
        [REFUSE_ORIGIN] = REFUSAL(403, "Forbidden", "", "Yêu cầu gửi từ một trang web khác (request from another site)",
                                  "Chỉ nhận những gì được gửi từ chính các trang của hệ thống này."),
        [REFUSE_NAME] = REFUSAL(
            403, "Forbidden", "", "Máy chủ không mang tên này (not a name of this server)",
            "Hãy dùng địa chỉ mà đơn vị vận hành đã công bố, hoặc 127.0.0.1, [::1], localhost trên chính máy này."),
        [REFUSE_STREAMS] = REFUSAL(503, "Service Unavailable", "Retry-After: 5\r\n",
                                   "Quá nhiều người đang theo dõi (too many listeners)", "Hãy thử lại sau ít phút."),
    };
    assert(r > REFUSE_NOT && r < REFUSAL_COUNT);
    return &texts[r];
}
