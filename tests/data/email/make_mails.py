#!/usr/bin/env python3
"""Writes the mails from 36 on, each with what must come out of it, into the folder it lies in. The ones before came
with the protocol's description. Standard library only; the same bytes every time."""
import base64
import hashlib
import json
import os
import quopri
import struct
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
ME = 'feedback@wuye.example.cn'
TOKEN = 'feedback+20260102001.k7q2m4x9ab@wuye.example.cn'
OURS = '<20260102001.a1b2c3@wuye.example.cn>'


def png(width, height, grey=90):
    raw = b''.join(b'\0' + bytes((grey, (x * 7) % 256, (y * 5) % 256)) * width for x, y in [(0, i) for i in range(height)])
    chunk = lambda t, d: struct.pack('>I', len(d)) + t + d + struct.pack('>I', zlib.crc32(t + d))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)) +
            chunk(b'IDAT', zlib.compress(raw, 9)) + chunk(b'IEND', b''))


PHOTO, LOGO, PIXEL, ICON = png(640, 480), png(300, 60), png(1, 1), png(24, 24)
PDF = b'%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n'


def crlf(text):
    return text.replace('\r\n', '\n').replace('\n', '\r\n')


def b64(data):
    text = base64.b64encode(data).decode()
    return '\r\n'.join(text[i:i + 76] for i in range(0, len(text), 76)).encode() + b'\r\n'


def qp(data):
    return quopri.encodestring(data.replace(b'\r\n', b'\n')).replace(b'\n', b'\r\n') + b'\r\n'


def word(text, charset='utf-8', label=None, q=False):
    data = text.encode(charset)
    if q:
        return '=?%s?Q?%s?=' % (label or charset, ''.join('=%02X' % b for b in data))
    return '=?%s?B?%s?=' % (label or charset, base64.b64encode(data).decode())


def part(ctype, data, cte='base64', *more):
    head = ['Content-Type: ' + ctype] + (['Content-Transfer-Encoding: ' + cte] if cte else []) + list(more)
    body = {'base64': b64, 'quoted-printable': qp}.get(cte, lambda d: d)(data)
    return ('\r\n'.join(head) + '\r\n\r\n').encode('latin-1') + body


def text(words, charset='utf-8', sub='plain', cte='base64', label=None, params=''):
    return part('text/%s; charset=%s%s' % (sub, label or charset, params), crlf(words).encode(charset), cte)


def html(words, **more):
    return text(words, sub='html', **more)


def multi(sub, boundary, *parts, params='', close=True):
    out = ('Content-Type: multipart/%s; %sboundary="%s"\r\n\r\n' % (sub, params, boundary)).encode()
    for one in parts:
        out += b'--' + boundary.encode() + b'\r\n' + one + (b'' if one.endswith(b'\r\n') else b'\r\n')
    return out + (b'--' + boundary.encode() + b'--\r\n' if close else b'')


def attached(header, data, ctype='image/png', disposition='attachment', *more):
    return part(ctype, data, 'base64', 'Content-Disposition: %s%s' % (disposition, '; ' + header if header else ''), *more)


def related(cid, data, name='image001.png'):
    return attached('filename="%s"' % name, data, 'image/png', 'inline', 'Content-ID: <%s>' % cid)


def mail(body, subject='', sender='wangfang@qq.com', reply=False, to=None, *, more=(), name=None, path=None):
    if isinstance(subject, str):
        subject = subject if subject.isascii() else word(subject)
    head = ['Return-Path: <%s>' % (sender if path is None else path),
            'Received: from mail.example.net (mail.example.net [192.0.2.25])\r\n\tby mx.wuye.example.cn (Postfix) with '
            'ESMTPS id 4ABCDE1234;\r\n\tFri, 02 Jan 2026 11:30:00 +0800',
            'From: ' + (('%s <%s>' % (name, sender)) if name else sender), 'To: ' + (to or (TOKEN if reply else ME)),
            'Subject: ' + subject, 'Date: Fri, 02 Jan 2026 11:30:00 +0800',
            'Message-ID: <%d@%s>' % (zlib.crc32(body), sender.split('@')[-1]), 'MIME-Version: 1.0']
    if reply:
        head += ['In-Reply-To: ' + OURS, 'References: ' + OURS]
    return ('\r\n'.join(head + list(more)) + '\r\n').encode('latin-1') + body


def file(name, data, ctype='image/png', **more):
    return {'name': name, 'type': ctype, 'size': len(data), 'sha256': hashlib.sha256(data).hexdigest(), **more}


WRITTEN = []


def write(name, data, new_text, *, subject='', sender='wangfang@qq.com', files=(), automatic=False, stripped=False, **more):
    number = 36 + len(WRITTEN)
    base = os.path.join(HERE, '%02d-%s' % (number, name))
    with open(base + '.eml', 'wb') as out:
        out.write(data)
    wanted = more if 'refused' in more else {
        'subject': subject, 'from': sender, 'new_text': new_text, 'attachments': list(files), 'automatic': automatic,
        'quoted_stripped': stripped, **more}
    with open(base + '.json', 'w', encoding='utf-8') as out:
        json.dump(wanted, out, ensure_ascii=False, indent=1)
        out.write('\n')
    WRITTEN.append(name)


RE = 'Re: 您的报修单 20260102001 已受理'
QUOTE = '尊敬的业主：\n您的报修单 20260102001 已受理，工程师将与您联系。\n汇音物业'
QUOTED = '\n'.join('> ' + line for line in QUOTE.split('\n'))

# Replies, client by client.
write('netease-master-reply', mail(text('还是漏水。\n\n---- 回复的原邮件 ----\n| 发件人 | 汇音物业 |\n| 发送日期 | 2026年1月2日 10:00 |\n' + QUOTE), RE, reply=True),
      '还是漏水。', subject=RE, stripped=True)
write('163-html-quote', mail(html('<div style="line-height:1.7">今晚八点在家。</div><br><blockquote id="isReplyContent" style="PADDING-LEFT:1ex"><div>' + QUOTE.replace('\n', '<br>') + '</div></blockquote>'), RE, reply=True),
      '今晚八点在家。', subject=RE, stripped=True)
write('gmail-html-only', mail(html('<div dir="ltr">Still no hot water.</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Fri, Jan 2, 2026 at 10:00\u202fAM Huiyin &lt;a@b.example&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0">Your request is in work.</blockquote></div>'), 'Re: Your request', reply=True),
      'Still no hot water.', subject='Re: Your request', stripped=True)
write('gmail-wrapped-introduction', mail(text('Come at nine.\n\nOn Fri, Jan 2, 2026 at 10:00\u202fAM Huiyin Property Management\n<feedback+20260102001.k7q2m4x9ab@wuye.example.cn> wrote:\n\n> Your request is in work.\n'), 'Re: Your request', reply=True),
      'Come at nine.', subject='Re: Your request', stripped=True)
write('qq-html-only', mail(html('<div>已经好了</div><div><br></div><div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="font-size: 12px;background:#efefef;padding:8px;"><div><b>发件人:</b>&nbsp;"汇音物业"</div><div><b>主题:</b>&nbsp;已受理</div></div><div>' + QUOTE + '</div>'), RE, reply=True),
      '已经好了', subject=RE, stripped=True)
write('qq-english-ui', mail(text('please call me\n\n\n\n\n------------------\u00a0Original\u00a0------------------\nFrom:\u00a0 "Huiyin"<feedback@wuye.example.cn>;\nDate:\u00a0 Fri, Jan 2, 2026 10:00 AM\nTo:\u00a0 "wang"<wangfang@qq.com>;\n\n' + QUOTE), RE, reply=True),
      'please call me', subject=RE, stripped=True)
write('outlook-html-border', mail(html('<div class=WordSection1><p class=MsoNormal>物业费已交，请查收。<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style=\'border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\'><p class=MsoNormal><b>发件人<span lang=EN-US>:</span></b> 汇音物业 <br><b>发送时间:</b> 2026年1月2日 10:00<br><b>收件人:</b> 王<br><b>主题:</b> 已受理</p></div></div><p class=MsoNormal>' + QUOTE + '</p></div>'), '答复: 物业费', reply=True),
      '物业费已交，请查收。', subject='答复: 物业费', stripped=True)
write('outlook-dashes-en', mail(text('The leak is back.\n\n-----Original Message-----\nFrom: Huiyin <a@b.example>\nSent: Friday, January 2, 2026 10:00 AM\nTo: John\nSubject: Your request\n\nIn work.'), 'RE: Your request', reply=True),
      'The leak is back.', subject='RE: Your request', stripped=True)
write('outlook-mobile-rule', mail(text('好的，周六可以。\n\n发送自 Outlook for Android\n________________________________\nFrom: Huiyin <a@b.example>\nSent: Friday, January 2, 2026\nTo: wang\nSubject: x\n\n' + QUOTE), RE, reply=True),
      '好的，周六可以。', subject=RE, stripped=True)
write('apple-zh-old', mail(text('钥匙在门卫处。\n\n发自我的 iPad\n\n> 在 2026年1月2日，上午10:00，汇音物业 <a@b.example> 写道：\n> \n' + QUOTED), RE, reply=True),
      '钥匙在门卫处。', subject=RE, stripped=True)
write('thunderbird-top', mail(text('明白了。\n\n在 2026/1/2 10:00, 汇音物业 写道:\n' + QUOTED + '\n'), RE, reply=True),
      '明白了。', subject=RE, stripped=True)
write('thunderbird-flowed', mail(text('这一行很长，被软换行断开 \n以后要接回来。\n第二段。\n\n-- \n王芳\n13800138000', params='; format=flowed'), '接回来'),
      '这一行很长，被软换行断开 以后要接回来。\n第二段。', subject='接回来')
write('flowed-delsp', mail(text('这一行很长，被软换行断开 \n以后要接回来。', params='; format=flowed; delsp=yes'), '接回来'),
      '这一行很长，被软换行断开以后要接回来。', subject='接回来')
write('traditional-introduction', mail(text('請盡快處理。\n\n在 2026年1月2日 週五 上午10:00，匯音物業 <a@b.example> 寫道：\n\n' + QUOTED), RE, reply=True),
      '請盡快處理。', subject=RE, stripped=True)
write('phone-signatures', mail(text('电梯停了。\n\n发自我的华为手机'), '电梯'), '电梯停了。', subject='电梯')
write('owner-writes-fajianren', mail(text('我昨天发件给你们，\n发件人: 我本人\n没人回复，请处理。'), '没人回复'),
      '我昨天发件给你们，\n发件人: 我本人\n没人回复，请处理。', subject='没人回复')
write('only-quote-keeps-all', mail(text(QUOTED), RE, reply=True), QUOTED.replace('\n\n', '\n'), subject=RE)
write('interleaved-zh', mail(text('您好，\n\n在 2026年1月2日，汇音物业 <a@b.example> 写道：\n> 什么时候方便？\n周六上午。\n> 电话？\n13800138000\n'), RE, reply=True),
      '您好，\n\n周六上午。\n13800138000', subject=RE, stripped=True)
write('dutch-introduction', mail(text('Kapot.\n\nOp vr 2 jan. 2026 om 10:00 schreef Huiyin <a@b.example>:\n> x\n'), 'Re: x', reply=True),
      'Kapot.', subject='Re: x', stripped=True)
write('list-footer', mail(text('会议室空调坏了。\n\n_______________________________________________\nOwners mailing list\nhttps://lists.example.cn/owners'), '空调'),
      '会议室空调坏了。', subject='空调', stripped=True)

# Forwards.
write('apple-forward', mail(text('请看下面。\n\nBegin forwarded message:\n\n> From: 老张 <z@example.com>\n> Subject: 噪音\n>\n> 半夜装修。'), 'Fwd: 噪音'),
      '请看下面。\n\nBegin forwarded message:\n\n> From: 老张 <z@example.com>\n> Subject: 噪音\n>\n> 半夜装修。', subject='Fwd: 噪音', kind='forward')
write('forward-as-attachment', mail(multi('mixed', 'fwd', text(''), part('message/rfc822', mail(multi('mixed', 'inner', text('楼道灯坏了'), attached('filename="lamp.png"', PHOTO)), '楼道灯', 'zhang@example.com'), None)), '转发: 楼道灯'),
      '楼道灯坏了', subject='转发: 楼道灯', kind='forward', files=[
          file('楼道灯.eml', mail(multi('mixed', 'inner', text('楼道灯坏了'), attached('filename="lamp.png"', PHOTO)), '楼道灯', 'zhang@example.com'), 'message/rfc822'),
          file('lamp.png', PHOTO)])

# Charsets.
write('gb2312-label-is-utf8', mail(text('电梯坏了，请来修。', label='gb2312'), word('电梯坏了', 'gb2312')), '电梯坏了，请来修。', subject='电梯坏了')
write('utf8-label-is-gbk', mail(text('楼下有人堆垃圾，请清理。', charset='gbk', label='utf-8'), '垃圾'), '楼下有人堆垃圾，请清理。', subject='垃圾')
write('ascii-label-is-gbk', mail(text('没有暖气已经三天了。', charset='gbk', label='us-ascii', cte='8bit'), '暖气'), '没有暖气已经三天了。', subject='暖气')
write('no-label-utf8', mail(part('text/plain', '门禁坏了'.encode(), '8bit'), '门禁'), '门禁坏了', subject='门禁')
write('hz-gb-2312', mail(text('水管漏水', charset='hz', label='hz-gb-2312', cte='7bit'), word('水管', 'hz', 'hz-gb-2312')), '水管漏水', subject='水管')
write('latin1-german', mail(text('Die Tür schließt nicht, Grüße', charset='latin-1', label='iso-8859-1', cte='quoted-printable'), word('Tür', 'latin-1', 'iso-8859-1', q=True)),
      'Die Tür schließt nicht, Grüße', subject='Tür')
write('korean', mail(text('엘리베이터가 고장났어요.', charset='cp949', label='ks_c_5601-1987'), '고장'), '엘리베이터가 고장났어요.', subject='고장')
write('unknown-label', mail(text('漏电了', charset='gb18030', label='x-unknown'), '漏电'), '漏电了', subject='漏电')
write('meta-charset-only', mail(part('text/html', '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body>车位被占</body></html>'.encode('gbk')), '车位'),
      '车位被占', subject='车位')
write('words-split-and-glued', mail(text('x'), '=?UTF-8?Q?=E6=98=8E=E5?=\r\n =?UTF-8?Q?=A4=A9_?= A =?utf-8?b?5YGc5rC0?='), 'x', subject='明天  A 停水')
write('header-injection', mail(text('x'), '=?utf-8?Q?a=0D=0ABcc:_all@example.com?=', name='=?utf-8?Q?x=0D=0ATo:_y?='), 'x', subject='a Bcc: all@example.com')

# Files.
write('names-rfc2231-gbk', mail(multi('mixed', 'm', text('见附件'), attached("filename*0*=GBK''%B3%F8%B7; filename*1*=%BF.png", PHOTO), attached('filename="%s"' % word('合同.pdf', 'gb2312'), PDF, 'application/octet-stream')), '附件'),
      '见附件', subject='附件', files=[file('厨房.png', PHOTO), file('合同.pdf', PDF, 'application/pdf')])
write('names-with-paths', mail(multi('mixed', 'm', text('x'), attached('filename="../../etc/cron.d/evil.png"', PHOTO), attached('filename="C:\\\\Users\\\\w\\\\a.png"', ICON)), 'p'),
      'x', subject='p', files=[file('evil.png', PHOTO), file('a.png', ICON)])
write('tracking-pixel-and-icons', mail(multi('related', 'r', html('<p>新消息</p><img src="cid:p1"><img src="cid:i1"><img src="cid:big">'), related('p1', PIXEL), related('i1', ICON), related('big', PHOTO, 'paste.png')), '图'),
      '新消息', subject='图', files=[file('paste.png', PHOTO, inline=True)], dropped_parts=[1, 2])
write('inline-photo-no-reference', mail(multi('mixed', 'm', text('看图'), attached('filename="IMG_1.png"', PHOTO, 'image/png', 'inline'), text('谢谢')), '图'),
      '看图\n\n谢谢', subject='图', files=[file('IMG_1.png', PHOTO, inline=True)])
write('video-document-calendar', mail(multi('mixed', 'm', text('资料'), attached('filename="v.mp4"', b'\0\0\0\x18ftypmp42' + b'v' * 50, 'video/mp4'), attached('filename="a.docx"', b'PK\x03\x04' + b'd' * 40, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'), part('text/calendar; name="=?utf-8?B?5LyaLmljcw==?="', b'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n')), '资料'),
      '资料', subject='资料', files=[file('v.mp4', b'\0\0\0\x18ftypmp42' + b'v' * 50, 'video/mp4'), file('a.docx', b'PK\x03\x04' + b'd' * 40, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'), file('会.ics', b'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n', 'text/calendar')])
write('signed-mail', mail(multi('signed', 's', text('已签名'), attached('filename="smime.p7s"', b'0\x82' + b's' * 30, 'application/pkcs7-signature'), params='protocol="application/pkcs7-signature"; '), '签名'), '已签名', subject='签名')
write('qq-cloud-attachment', mail(html('<div>视频太大</div><div><a href="https://wx.mail.qq.com/ftn/download?func=3&amp;key=abc">厨房.mp4</a></div>'), '视频'),
      '视频太大\n厨房.mp4 https://wx.mail.qq.com/ftn/download?func=3&key=abc', subject='视频')
write('logo-in-signature-photo-in-text', mail(multi('related', 'r', html('<div>裂缝：<img src="cid:a"></div><div class="gmail_signature">王工<img src="cid:b"></div>'), related('a', PHOTO, 'a.png'), related('b', png(200, 190), 'b.png')), '裂缝'),
      '裂缝：', subject='裂缝', files=[file('a.png', PHOTO, inline=True)], dropped_parts=[1])

# Robots.
write('auto-submitted-generated', mail(text('备份完成'), '备份', more=['Auto-Submitted: auto-generated; owner-email="x"']), '备份完成', subject='备份', automatic=True)
write('auto-submitted-no', mail(text('灯坏了'), '灯', more=['Auto-Submitted: no']), '灯坏了', subject='灯')
write('newsletter', mail(text('本周优惠'), '优惠', 'news@shop.example', more=['List-Unsubscribe: <https://shop.example/u>', 'Precedence: bulk']), '本周优惠', subject='优惠', sender='news@shop.example', automatic=True, kind='bulk')
write('no-reply-sender', mail(text('验证码 1234'), '验证码', 'no-reply@bank.example'), '验证码 1234', subject='验证码', sender='no-reply@bank.example', automatic=True)
write('another-huiyin', mail(text('您的来信已登记，工单号 HY1024-4。'), 'Re: 报修', 'service@other.example', more=['Auto-Submitted: auto-replied', 'X-Auto-Response-Suppress: All', 'X-Huiyin-Loop: other-instance'], path=''),
      '您的来信已登记，工单号 HY1024-4。', subject='Re: 报修', sender='service@other.example', automatic=True, kind='vacation')
write('own-mail-comes-back', mail(text('您的来信已登记。'), 'Re: 报修', 'feedback@wuye.example.cn', more=['X-Huiyin-Loop: huiyin-test']), '您的来信已登记。', subject='Re: 报修', sender='feedback@wuye.example.cn', automatic=True, kind='own')
write('qq-bounce-without-structure', mail(html('<p>您的邮件被退回。收件人 nobody@qq.com 不存在。</p>'), '系统退信/Systems bounce', 'PostMaster@qq.com', more=[], path=''), '您的邮件被退回。收件人 nobody@qq.com 不存在。', subject='系统退信/Systems bounce', sender='PostMaster@qq.com', automatic=True, kind='dsn')
write('auto-in-a-persons-subject', mail(text('自动门打不开'), '自动门坏了'), '自动门打不开', subject='自动门坏了')

# Trust.
TRUSTED = 'Authentication-Results: mx.wuye.example.cn; '


def judged(results, sender='wangfang@example.cn', more=()):
    data = mail(text('查询'), '查询', sender, more=more)
    return (TRUSTED + results + '\r\n').encode() + data


write('dmarc-pass', judged('dmarc=pass (p=none) header.from=example.cn'), '查询', subject='查询', sender='wangfang@example.cn', aligned=True)
write('dkim-relaxed', judged('dkim=pass header.d=mail.example.cn header.s=s1'), '查询', subject='查询', sender='wangfang@example.cn', aligned=True)
write('dkim-public-suffix', judged('dkim=pass header.d=evil.com.cn', 'wang@victim.com.cn'), '查询', subject='查询', sender='wang@victim.com.cn', aligned=False)
write('spf-of-a-mailing-service', judged('spf=pass smtp.mailfrom=b@bounces.mailer.example'), '查询', subject='查询', sender='wangfang@example.cn', aligned=False)
write('result-in-a-comment', judged('dmarc=fail (not dmarc=pass header.from=example.cn)'), '查询', subject='查询', sender='wangfang@example.cn', aligned=False)
write('forged-below-received', mail(text('查询'), '查询', 'wangfang@example.cn', more=[TRUSTED + 'dmarc=pass header.from=example.cn']), '查询', subject='查询', sender='wangfang@example.cn', aligned=False)
write('two-senders', (TRUSTED + 'dmarc=pass header.from=example.cn\r\n').encode() + mail(text('x'), 'x', 'a@example.cn').replace(b'From: a@example.cn', b'From: a@example.cn, b@evil.example'), 'x', subject='x', sender='a@example.cn', aligned=False)

# Broken.
write('no-closing-boundary', mail(multi('mixed', 'm', text('断了'), attached('filename="a.png"', PHOTO), close=False), '断'), '断了', subject='断', files=[file('a.png', PHOTO)])
write('line-feeds-only', mail(text('换行'), '行').replace(b'\r\n', b'\n'), '换行', subject='行')
write('mbox-line', b'From wangfang@qq.com  Fri Jan  2 11:30:00 2026\n' + mail(text('别名'), '别名'), '别名', subject='别名')
write('base64-with-junk', mail(part('text/plain; charset=utf-8', b'5rC0566h!!\r\n5ryP*5rC0=\r\n', '7bit').replace(b'7bit', b'base64'), '坏'), '水管漏水', subject='坏')
write('no-subject-no-date', b'From: a@example.com\r\nTo: feedback@wuye.example.cn\r\n\r\nhello\r\n', 'hello', sender='a@example.com')
write('no-sender', b'To: feedback@wuye.example.cn\r\nSubject: x\r\n\r\nhello\r\n', '', refused='the message has no sender')
write('empty', b'\r\n\r\n', '', refused='the message is empty')
write('html-unclosed', mail(html('<div><b>停电<table><tr><td>3栋<td>501<div>谢谢'), '停电'), '停电\n3栋 501\n谢谢', subject='停电')
# More clients' ways of quoting, each below the same words.
OLD = '\n尊敬的业主：\n已受理'
BLOCK = '发件人：汇音物业 <feedback@wuye.example.cn>\n发送时间：2026年1月2日(星期五) 10:00\n收件人：王芳 <wang@example.cn>\n主　题：Re: 报修\n'
for name, below in [
        ('aliyun-rule-block', '\n-' + '-' * 65 + '\n' + BLOCK + OLD),
        ('aliyun-phone', '\n来自 阿里邮箱 iPhone版\n' + '-' * 66 + '\n' + BLOCK.replace('主　题', '主　题').replace('发送时间', '日　期') + OLD),
        ('zoho-introduction', '\n---- On Fri, 02 Jan 2026 10:00:00 +0800 汇音物业 <feedback@wuye.example.cn> wrote ---\n' + OLD),
        ('qq-entities', '\n\n------------------&nbsp;原始邮件&nbsp;------------------\n发件人: "汇音物业" <feedback@wuye.example.cn&gt;;\n发送时间:&nbsp;2026年1月2日\n收件人:&nbsp;"王芳"<wang@qq.com&gt;;\n' + OLD),
        ('qq-app-dashes', '\n\n\n---原始邮件---\n发件人: "汇音物业"<feedback@wuye.example.cn>\n发送时间: 2026年1月2日(周五) 上午10:00\n收件人: "王芳"<wang@qq.com>;\n主题: Re: 报修\n' + OLD),
        ('netease-card-in-text', '\n\n| |\n王芳\n|\n|\nwang@163.com\n|\n\n---- 回复的原邮件 ----\n| 发件人 | 汇音物业<feedback@wuye.example.cn> |\n| 日期 | 2026年01月02日 10:00 |\n' + OLD),
        ('sina-phone', '\n发自新浪邮箱客户端\n在 1月2日 10:00，汇音物业<feedback@wuye.example.cn> 写道：\n' + OLD),
        ('huawei-phone', '\n\n发自我的华为手机\n\n\n-------- 原始邮件 --------\n' + BLOCK + OLD),
        ('windows-mail', '\n\n从 Windows 版邮件<https://go.microsoft.com/fwlink/?LinkId=550986>发送\n\n' + BLOCK + OLD),
        ('bracketed-device', '\n\n（发自小米手机）\n\n' + BLOCK + OLD),
        ('outlook-for-android', '\n\n发自 Outlook for Android<https://aka.ms/AAb9ysg>\n' + '_' * 32 + '\n' + BLOCK + OLD),
        ('year-first-introduction', '\n\n2026年1月2日 10:00，汇音物业 <feedback@wuye.example.cn>写道：\n' + OLD),
        ('bare-introduction', '\n\n2026/1/2 汇音物业 <feedback@wuye.example.cn>\n\n' + QUOTED),
        ('swedish-introduction', '\n\nDen 2 januari 2026 10:00 skrev Huiyin <feedback@wuye.example.cn>:\n\n' + QUOTED),
        ('polish-introduction', '\n\nW dniu 02.01.2026 o 10:00, Huiyin pisze:\n' + QUOTED),
        ('german-block', '\n\nVon: Huiyin <feedback@wuye.example.cn>\nGesendet: Freitag, 2. Januar 2026 10:00\nAn: Wang\nBetreff: Re: x\n' + OLD),
        ('starred-block', '\n\n ------------------------------\n*From:* Huiyin [mailto:feedback@wuye.example.cn]\n*Sent:* Friday, January 02, 2026 10:00 AM\n*To:* Wang\n*Subject:* Re: x\n' + OLD),
        ('short-rule-block', '\n\n_____\nFrom: "Huiyin" <feedback@wuye.example.cn>\nTo: "Wang" <wang@qq.com>\nSent: Friday, January 2, 2026\nSubject: x\n' + OLD),
        ('introduction-over-three-lines', '\n\nOn Jan 2, 2026, at 10:00 AM, Huiyin\n<feedback@wuye.example.cn>\nwrote:\n\n' + QUOTED),
        ('help-desk-line', '\n\n##- Please type your reply above this line -##\n' + OLD),
]:
    write(name, mail(text('师傅来过了，还是没修好。' + below), RE, reply=True), '师傅来过了，还是没修好。', subject=RE, stripped=True)
write('qq-card-of-the-sender', mail(html('<div>灯坏了</div><div style="color:#909090;font-size:12px">------------------</div><div style="font-size:14px"><a class="xm_write_card" href="https://wx.mail.example">王芳</a><div>1234@qq.com</div></div><div>&nbsp;</div><div style="font-size:12px;padding:2px 0">------------------ Original ------------------</div><div>old</div>'), RE, reply=True),
      '灯坏了', subject=RE, stripped=True)
write('proton-quote', mail(html('<p>灯坏了</p><div class="protonmail_signature_block">Sent with Proton Mail</div><div class="protonmail_quote">On Friday, x wrote:<blockquote class="protonmail_quote">old</blockquote></div>'), RE, reply=True),
      '灯坏了', subject=RE, stripped=True)
write('yahoo-signature', mail(html('<div>灯坏了</div><div id="ydp-signature">王芳<br>Yahoo</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Friday, 2 January 2026, x wrote:</div><div>old</div></div>'), RE, reply=True),
      '灯坏了', subject=RE, stripped=True)
write('owner-tells-of-a-sender', mail(text('请核实一条短信：\n\n发件人：汇音物业\n时间：2026年1月2日\n说要交钱，是真的吗？'), '短信'),
      '请核实一条短信：\n\n发件人：汇音物业\n时间：2026年1月2日\n说要交钱，是真的吗？', subject='短信')
write('writing-about-writing', mail(text('上周在 3 栋电梯里有人用笔写道：\n电梯很危险。\n请处理。'), '电梯'),
      '上周在 3 栋电梯里有人用笔写道：\n电梯很危险。\n请处理。', subject='电梯')

# Robots' headers of more programs, and mail servers' reports in plain words.
for name, header, kind in [('x-autogenerated', 'X-Autogenerated: Reply', 'vacation'), ('x-vacation', 'X-Vacation: yes', 'vacation'),
                           ('precedence-auto-reply', 'Precedence: auto-reply', 'vacation'), ('x-precedence', 'X-Precedence: bulk', 'bulk'),
                           ('x-qq-autoreply', 'X-QQ-autoreply: true', 'vacation')]:
    write(name, mail(text('我在休假'), '报修', more=[header]), '我在休假', subject='报修', automatic=True, kind=kind)
write('x-autoreply-no', mail(text('灯坏了'), '报修', more=['X-Autoreply: no']), '灯坏了', subject='报修')
write('old-exchange-out-of-office', mail(text('I am away'), 'Out of Office AutoReply: x'), 'I am away', subject='Out of Office AutoReply: x', automatic=True, kind='vacation')


def reported(recipient, status, action='failed'):
    return {'recipient': recipient, 'original_message_id': '', 'action': action, 'status': status}


for name, sender, subject, body, said in [
        ('dsn-qmail', 'MAILER-DAEMON@mail.example.org', 'failure notice', 'Hi. This is the qmail-send program at mail.example.org.\nThis is a permanent error; I\'ve given up. Sorry it didn\'t work out.\n\n<wang@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)', reported('wang@example.org', '5.1.1')),
        ('dsn-163', 'postmaster@163.com', '系统退信/Systems bounce', '抱歉，您的邮件被退回来了……\n收件人：wang@163.com\n退信原因：收件人 wang@163.com 不存在', reported('wang@163.com', '5.1.1')),
        ('dsn-qq-full', 'PostMaster@qq.com', '系统退信', '无法发送到 wang@qq.com\n退信原因：收件人邮箱空间已满', reported('wang@qq.com', '5.2.2')),
        ('dsn-delayed-in-words', 'MAILER-DAEMON@mail.example.org', 'Warning: could not send message for past 4 hours, Delivery Status Notification', '<wang@example.org>... Deferred: Connection timed out\nStatus 4.4.1', reported('wang@example.org', '4.4.1', 'delayed'))]:
    write(name, mail(text(body), subject, sender, path=''), body, subject=subject, sender=sender, automatic=True, kind='dsn', dsn=said)
write('dsn-generic-status', mail(multi('report', 'r', text('** Address not found **'), part('message/delivery-status', b'Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; wang@example.org\r\nAction: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.\r\n 550 5.1.1 Please try again\r\n', None), part('text/rfc822-headers', b'Message-ID: <o42.1024.abc@wuye.example.cn>\r\n', None), params='report-type=delivery-status; '), 'Delivery Status Notification (Failure)', 'mailer-daemon@googlemail.example', path=''),
      '** Address not found **', subject='Delivery Status Notification (Failure)', sender='mailer-daemon@googlemail.example', automatic=True, kind='dsn',
      dsn={'recipient': 'wang@example.org', 'original_message_id': '<o42.1024.abc@wuye.example.cn>', 'action': 'failed', 'status': '5.1.1'})

# Broken, once more.
write('carriage-returns-only', mail(text('换行', cte='8bit'), '行').replace(b'\r\n', b'\r'), '换行', subject='行')
write('windows-path', mail(multi('mixed', 'm', text('见附件'), attached('filename="C:\\Users\\wang\\bill.pdf"', PDF, 'application/pdf')), '账单'), '见附件', subject='账单', files=[file('bill.pdf', PDF, 'application/pdf')])
print(len(WRITTEN))
